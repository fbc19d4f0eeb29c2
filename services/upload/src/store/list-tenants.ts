import type { TenantId } from '@driftbox/domain';
import { statement, type Database } from '@driftbox/postgres';

const listTenantsStatement = statement({
  name: 'upload.list-tenants',
  text: 'SELECT tenant_id FROM known_tenants ORDER BY tenant_id LIMIT 100000',
});

/** Every tenant that has a data key here: who has none has nothing here. */
export async function listTenants(database: Database): Promise<TenantId[]> {
  const { rows } = await database.query<{ tenant_id: TenantId }>(listTenantsStatement);
  return rows.map((row) => row.tenant_id);
}
