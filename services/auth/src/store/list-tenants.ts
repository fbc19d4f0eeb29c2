import type { TenantId } from '@driftbox/domain';
import { statement, type Database } from '@driftbox/postgres';

const select = statement({
  name: 'auth.list-tenants',
  text: 'SELECT id AS "tenantId" FROM tenants WHERE ($1::uuid IS NULL OR id > $1) ORDER BY id LIMIT $2',
});

/** Tenants in id order, for work that goes through all of them. */
export async function listTenants(database: Database, after: TenantId | undefined, limit: number): Promise<TenantId[]> {
  return (await database.query<{ tenantId: TenantId }>(select, [after ?? null, limit])).rows.map((row) => row.tenantId);
}
