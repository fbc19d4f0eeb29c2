import type { TenantId } from '@driftbox/domain';
import type { TestDatabase } from './test-database.ts';

/** Kept for ever: it is what says that a tenant was erased. */
const tombstones = 'erased_tenants';

/** The tables of a service that hold rows of tenants: those that say whose a row is. */
export async function tenantTables(db: TestDatabase, service: string): Promise<string[]> {
  const rows = await db.adminQuery<{ name: string }>(
    `SELECT DISTINCT c.relname AS name FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND NOT a.attisdropped
     WHERE c.relnamespace = $1::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relname <> $2
       AND (a.attname IN ('tenant', 'tenant_id') OR (c.relname = 'tenants' AND a.attname = 'id')) ORDER BY 1`,
    [service, tombstones],
  );
  return rows.map(({ name }) => name);
}

/**
 * Where a tenant's id stands, in any column of any table of a service, with the number of rows. As the superuser, so that
 * nothing is hidden; what says that the tenant was erased does not count.
 */
export async function rowsOfTenant(db: TestDatabase, service: string, tenantId: TenantId): Promise<Record<string, number>> {
  const columns = await db.adminQuery<{ name: string; columns: string[] }>(
    `SELECT c.relname AS name, array_agg(a.attname::text) AS columns
     FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.atttypid = 'uuid'::regtype AND NOT a.attisdropped
     WHERE c.relnamespace = $1::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relname <> $2
     GROUP BY 1 ORDER BY 1`,
    [service, tombstones],
  );
  const counts = columns.map(({ name, columns: ids }) => {
    const any = ids.map((id) => `${id} = $1`).join(' OR ');
    return `SELECT '${name}' AS name, count(*)::integer AS rows FROM ${service}.${name} WHERE ${any}`;
  });
  const found = await db.adminQuery<{ name: string; rows: number }>(counts.join(' UNION ALL '), [tenantId]);
  return Object.fromEntries(found.filter(({ rows }) => rows > 0).map(({ name, rows }) => [name, rows]));
}

/** What every service that is backed up has, for itself. */
const ofEveryService = ['idempotency_keys', 'outbox', 'restores'];

/** The tables of a tenant's rows of which a service does not say what backups do with them. */
export async function unnamedTables(
  db: TestDatabase,
  service: string,
  rows: { readonly tables: readonly { readonly name: string }[]; readonly emptied?: readonly string[]; readonly left?: readonly string[] },
): Promise<string[]> {
  const named = new Set([...ofEveryService, ...rows.tables.map(({ name }) => name), ...(rows.emptied ?? []), ...(rows.left ?? [])]);
  return (await tenantTables(db, service)).filter((name) => !named.has(name));
}
