import type { PackId } from '@driftbox/chunk-store';
import type { TenantId } from '@driftbox/domain';
import { statement, type Database } from '@driftbox/postgres';

const listSparsePacksStatement = statement({
  name: 'upload.list-sparse-packs',
  text: `
    SELECT pack_id FROM packs WHERE tenant = $1 AND dead_bytes * 2 > size_bytes AND live_bytes > 0
      AND ($2::uuid IS NULL OR pack_id > $2) AND created_at < now() - make_interval(secs => $4)
    ORDER BY pack_id LIMIT $3`,
});
const listDeadPacksStatement = statement({
  name: 'upload.list-dead-packs',
  text: `
    SELECT pack_id, generation, size_bytes FROM packs WHERE tenant = $1 AND live_bytes = 0
      AND coalesce(dead_at, created_at) < now() - make_interval(secs => $3) AND created_at < now() - make_interval(secs => $4)
    ORDER BY pack_id LIMIT $2`,
});

/** A column's UUID as the id of a pack. */
export const packIdOf = (uuid: string): PackId => uuid.replaceAll('-', '') as PackId;

/** The next packs after an id, older than `graceMs`, of which more than half is dead, but not all. */
export async function listSparsePacks(
  database: Database,
  tenantId: TenantId,
  page: { readonly after: PackId | undefined; readonly limit: number; readonly graceMs: number },
): Promise<{ items: PackId[]; last: PackId | undefined }> {
  const { rows } = await database.withTenant<{ pack_id: string }>(tenantId, listSparsePacksStatement, [
    tenantId,
    page.after ?? null,
    page.limit,
    page.graceMs / 1000,
  ]);
  const items = rows.map((row) => packIdOf(row.pack_id));
  return { items, last: items.length < page.limit ? undefined : items.at(-1) };
}

/**
 * Packs in which no chunk has lain for `readMs`, nor can come to lie: whoever wrote a pack has recorded its chunks long before
 * `graceMs` is over.
 */
export async function listDeadPacks(
  database: Database,
  tenantId: TenantId,
  page: { readonly limit: number; readonly readMs: number; readonly graceMs: number },
): Promise<{ packId: PackId; generation: number; sizeBytes: number }[]> {
  const { rows } = await database.withTenant<{ pack_id: string; generation: number; size_bytes: number }>(
    tenantId,
    listDeadPacksStatement,
    [tenantId, page.limit, page.readMs / 1000, page.graceMs / 1000],
  );
  return rows.map((row) => ({ packId: packIdOf(row.pack_id), generation: row.generation, sizeBytes: row.size_bytes }));
}
