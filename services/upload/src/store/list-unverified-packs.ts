import type { PackId } from '@driftbox/chunk-store';
import type { TenantId } from '@driftbox/domain';
import { statement, type Database } from '@driftbox/postgres';
import { packIdOf } from './list-wasteful-packs.ts';

const listUnverifiedStatement = statement({
  name: 'upload.list-unverified-packs',
  text: `
    SELECT pack_id, size_bytes FROM packs WHERE tenant = $1 AND coalesce(verified_at, created_at) < now() - make_interval(secs => $2)
    ORDER BY coalesce(verified_at, created_at), pack_id LIMIT $3`,
});
const oldestStatement = statement({
  name: 'upload.oldest-verification',
  text: `
    SELECT (extract(epoch FROM now() - coalesce(verified_at, created_at)) * 1000)::bigint AS age_ms FROM packs WHERE tenant = $1
    ORDER BY coalesce(verified_at, created_at), pack_id LIMIT 1`,
});

/** A pack as it is listed to be read. */
export type ListedPack = { readonly packId: PackId; readonly sizeBytes: number };
type Row = { readonly pack_id: string; readonly size_bytes: number };
const listed = (rows: readonly Row[]): ListedPack[] => rows.map((row) => ({ packId: packIdOf(row.pack_id), sizeBytes: row.size_bytes }));

/** Packs that were verified last, or else written, longer than `olderMs` ago; the oldest first. */
export async function listUnverifiedPacks(database: Database, tenantId: TenantId, olderMs: number, limit: number): Promise<ListedPack[]> {
  return listed((await database.withTenant<Row>(tenantId, listUnverifiedStatement, [tenantId, olderMs / 1000, limit])).rows);
}

/** How long ago the pack was verified, or else written, for which that is longest; 0 for a tenant without packs. */
export async function oldestVerificationMs(database: Database, tenantId: TenantId): Promise<number> {
  return (await database.withTenant<{ age_ms: number }>(tenantId, oldestStatement, [tenantId])).rows[0]?.age_ms ?? 0;
}
