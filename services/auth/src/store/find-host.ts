import type { TenantId } from '@driftbox/domain';
import { statement, type Database } from '@driftbox/postgres';

const select = statement({ name: 'auth.find-host', text: 'SELECT tenant_id AS "tenantId" FROM tenant_hosts WHERE host = $1' });

/** The tenant of a host name. */
export async function findHost(database: Database, host: string): Promise<TenantId | undefined> {
  return (await database.query<{ tenantId: TenantId }>(select, [host])).rows[0]?.tenantId;
}
