import type { TenantId } from '@driftbox/domain';
import { statement, type Transaction } from '@driftbox/postgres';

const replace = statement({
  name: 'auth.save-hosts',
  text: `WITH gone AS (DELETE FROM tenant_hosts WHERE tenant_id = $1 AND host <> ALL ($2::text[]))
         INSERT INTO tenant_hosts (host, tenant_id) SELECT DISTINCT host, $1::uuid FROM unnest($2::text[]) AS host
         ON CONFLICT (host) DO UPDATE SET tenant_id = tenant_hosts.tenant_id
         RETURNING host, tenant_id AS "tenantId"`,
});

/** Makes these the tenant's hosts; answers those that another tenant has already. */
export async function saveHosts(tx: Transaction, tenantId: TenantId, hosts: readonly string[]): Promise<string[]> {
  const { rows } = await tx.query<{ host: string; tenantId: string }>(replace, [tenantId, hosts]);
  return rows.filter((row) => row.tenantId !== tenantId).map((row) => row.host);
}
