import { parseDriveId, parseEntryId, parseTenantId, parseUserId } from '@driftbox/domain';
import type { TestDatabase } from '@driftbox/testkit';
import type { World } from './world.ts';

const tenants = 100;
const folders = 100;

/** `NAME-TENANT-NUMBER` as a uuid. */
const idOf = (name: string, tenant: string, number: string): string => `md5('${name}-' || ${tenant} || '-' || ${number})::uuid`;

/** What each row of a table is, from `t` (the tenant) and `n` (its number); a hundred folders at the top, the rest spread over them. */
const place = `${idOf('tenant', 't', '0')} AS tenant, ${idOf('entry', 't', 'n')} AS entry_id, ${idOf('drive', 't', '0')} AS drive_id,
  CASE WHEN n <= ${folders} THEN ${idOf('root', 't', '0')} ELSE ${idOf('entry', 't', `(1 + n % ${folders})`)} END AS parent_id`;
const body = `CASE WHEN n <= ${folders} THEN 1 ELSE 0 END AS kind, CASE WHEN n > ${folders} THEN 0 END AS list_form,
  CASE WHEN n > ${folders} THEN sha256(n::text::bytea) END AS list_id, 'file-' || n || '-' || md5(n::text) AS name`;
const tables: Readonly<Record<string, string>> = {
  entries: `SELECT ${place}, ${idOf('user', 't', '0')} AS modified_by, n AS seq, 4096 AS size_bytes, 0 AS mtime_ms, now() AS modified_at,
    1 AS rev, 1 AS content_rev, 1 AS place_rev, ${body}, 'file-' || n || '-' || md5(n::text) AS search_name`,
  revisions: `SELECT ${place}, ${idOf('user', 't', '0')} AS made_by, n AS seq, 4096 AS size_bytes, 0 AS mtime_ms, now() AS made_at,
    1 AS rev, ${body}`,
  changes: `SELECT ${idOf('tenant', 't', '0')} AS tenant, ${idOf('drive', 't', '0')} AS drive_id, n AS seq,
    ${idOf('entry', 't', 'n')} AS entry_id,
    ${idOf('write', 't', 'n')} AS write_id, 1 AS rev, 0 AS action`,
  list_members: `SELECT ${idOf('tenant', 't', '0')} AS tenant, sha256(n::text::bytea) AS digest, sha256((n % 500)::text::bytea) AS list_id`,
};

/** Fills a fresh database with so many rows in all, of a hundred tenants alike; answers one of them. Indexes are made at the end. */
export async function fillTenants(db: TestDatabase, rows: number): Promise<World> {
  const each = Math.ceil(rows / tenants / Object.keys(tables).length);
  const one = (name: string): string => idOf(name, 't', '0');
  await db.adminQuery(
    `INSERT INTO metadata.tenants (tenant, name, logical_bytes, user_bytes, file_bytes, files, history_days, trash_days)
     SELECT ${one('tenant')}, 'acme', 2^50, 2^50, 2^42, 2^42, 180, 30 FROM generate_series(1, ${tenants}) t`,
  );
  await db.adminQuery(
    `INSERT INTO metadata.drives (tenant, drive_id, root_id, kind, owner, name, epoch, seq, allowance_bytes, allowance_files)
     SELECT ${one('tenant')}, ${one('drive')}, ${one('root')}, 'home', ${one('user')}, 'Files', ${one('epoch')}, ${each}, 2^30, 2^20
     FROM generate_series(1, ${tenants}) t`,
  );
  await db.adminQuery(
    `INSERT INTO metadata.grants (tenant, drive_id, subject, role, granted_by)
     SELECT ${one('tenant')}, ${one('drive')}, ${one('user')}, 'owner', ${one('user')} FROM generate_series(1, ${tenants}) t`,
  );
  for (const [table, select] of Object.entries(tables)) await fill(db, table, select, each);
  await db.adminQuery('ANALYZE');
  const [ids] = await db.adminQuery<Record<string, string>>(
    `SELECT ${['tenant', 'user', 'drive', 'root', 'epoch'].map((name) => `${one(name)} AS ${name}`).join(', ')} FROM (SELECT 7 AS t) x`,
  );
  return {
    tenantId: parseTenantId(ids!['tenant']!)!,
    userId: parseUserId(ids!['user']!)!,
    driveId: parseDriveId(ids!['drive']!)!,
    rootId: parseEntryId(ids!['root']!)!,
    epoch: ids!['epoch']!,
  };
}

async function fill(db: TestDatabase, table: string, select: string, each: number): Promise<void> {
  const indexes = await db.adminQuery<{ name: string; definition: string }>(
    `SELECT i.indexrelid::regclass::text AS name, replace(pg_get_indexdef(i.indexrelid), ' ON ONLY ', ' ON ') AS definition
     FROM pg_index i WHERE i.indrelid = 'metadata.${table}'::regclass AND NOT i.indisprimary`,
  );
  for (const { name } of indexes) await db.adminQuery(`DROP INDEX ${name}`);
  const from = `FROM generate_series(1, ${tenants}) t, generate_series(1, ${each}) n`;
  const [row] = await db.adminQuery<Record<string, unknown>>(`${select} FROM (SELECT 1 AS t, 1 AS n) x`);
  await db.adminQuery(`INSERT INTO metadata.${table} (${Object.keys(row ?? {}).join(', ')}) ${select} ${from}`);
  for (const { definition } of indexes) await db.adminQuery(`SET maintenance_work_mem = '256MB'; ${definition}`);
}
