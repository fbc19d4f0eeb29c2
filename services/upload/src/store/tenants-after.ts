import type { TenantId } from '@driftbox/domain';
import { statement, type Database } from '@driftbox/postgres';

const tenantsAfterStatement = statement({
  name: 'upload.tenants-after',
  text: `
    SELECT tenant_id FROM known_tenants WHERE tenant_id > coalesce($1, '00000000-0000-0000-0000-000000000000'::uuid)
    ORDER BY tenant_id LIMIT $2`,
});

/** The next tenants after an id, in order. */
export async function tenantsAfter(database: Database, after: TenantId | undefined, limit: number): Promise<TenantId[]> {
  const { rows } = await database.query<{ tenant_id: TenantId }>(tenantsAfterStatement, [after ?? null, limit]);
  return rows.map((row) => row.tenant_id);
}
