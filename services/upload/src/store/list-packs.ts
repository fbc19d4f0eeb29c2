import type { PackId } from '@driftbox/chunk-store';
import type { TenantId } from '@driftbox/domain';
import { statement, type Database } from '@driftbox/postgres';
import type { ListedPack } from './list-unverified-packs.ts';
import { packIdOf } from './list-wasteful-packs.ts';

const listPacksStatement = statement({
  name: 'upload.list-packs',
  text: `
    SELECT pack_id, size_bytes FROM packs WHERE tenant = $1 AND pack_id > coalesce($2, '00000000-0000-0000-0000-000000000000'::uuid)
    ORDER BY pack_id LIMIT $3`,
});

/** The next packs after an id, in order. */
export async function listPacks(database: Database, tenantId: TenantId, after: PackId | undefined, limit: number): Promise<ListedPack[]> {
  const { rows } = await database.withTenant<{ pack_id: string; size_bytes: number }>(tenantId, listPacksStatement, [
    tenantId,
    after ?? null,
    limit,
  ]);
  return rows.map((row) => ({ packId: packIdOf(row.pack_id), sizeBytes: row.size_bytes }));
}
