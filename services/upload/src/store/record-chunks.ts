import type { TenantId } from '@driftbox/domain';
import { statement, type Database } from '@driftbox/postgres';
import type { WrittenPack } from '../chunk-pool.ts';
import { toBytes } from '../digest-bytes.ts';
import { storedEncodings, type Place } from '../place.ts';

const recordChunksStatement = statement({
  name: 'upload.record-chunks',
  text: `
    WITH won AS (
      INSERT INTO chunks (tenant, pack_id, offset_bytes, length_bytes, plain_bytes, frame_index, encoding, digest)
      SELECT $1, f.* FROM unnest($2::uuid[], $3::bigint[], $4::int[], $5::int[], $6::int[], $7::smallint[], $8::bytea[])
        AS f (pack_id, offset_bytes, length_bytes, plain_bytes, frame_index, encoding, digest)
      ON CONFLICT (tenant, digest) DO NOTHING
      RETURNING pack_id, length_bytes
    ), counted AS (
      INSERT INTO packs AS p (tenant, pack_id, generation, size_bytes, live_bytes)
      SELECT $1, f.pack_id, f.generation, f.size_bytes, coalesce(sum(won.length_bytes), 0)
      FROM unnest($9::uuid[], $10::int[], $11::bigint[]) AS f (pack_id, generation, size_bytes) LEFT JOIN won USING (pack_id)
      GROUP BY f.pack_id, f.generation, f.size_bytes ORDER BY f.pack_id
      ON CONFLICT (tenant, pack_id) DO UPDATE SET live_bytes = p.live_bytes + excluded.live_bytes
      RETURNING old.pack_id IS NULL AS fresh, new.size_bytes
    )
    INSERT INTO physical_ledger AS ledger (tenant, pack_bytes, packs, live_bytes, chunks)
    SELECT $1, coalesce(sum(size_bytes) FILTER (WHERE fresh), 0), count(*) FILTER (WHERE fresh),
      (SELECT coalesce(sum(length_bytes), 0) FROM won), (SELECT count(*) FROM won) FROM counted
    ON CONFLICT (tenant) DO UPDATE SET
      pack_bytes = ledger.pack_bytes + excluded.pack_bytes, packs = ledger.packs + excluded.packs,
      live_bytes = ledger.live_bytes + excluded.live_bytes, chunks = ledger.chunks + excluded.chunks`,
});

/**
 * Makes chunks in durable packs known, and counts them, in one transaction; several requests may record parts of one pack.
 * Where a digest has a place already it keeps that one, and the new frame is dead bytes from the start.
 */
export async function recordChunks(
  database: Database,
  tenantId: TenantId,
  packs: readonly WrittenPack[],
  places: readonly Place[],
): Promise<void> {
  await database.withTenant(
    tenantId,
    recordChunksStatement,
    [
      tenantId,
      ...placeColumns(places),
      packs.map((pack) => pack.packId),
      packs.map((pack) => pack.generation),
      packs.map((pack) => pack.sizeBytes),
    ],
    { readOnly: false, attempts: 3 },
  );
}

/** Places as columns, in the order of their digests: whoever writes several rows locks them in it. */
export function placeColumns(places: readonly Place[]) {
  const sorted = [...places].sort((a, b) => (a.digest < b.digest ? -1 : 1));
  return [
    sorted.map((place) => place.packId),
    sorted.map((place) => place.offset),
    sorted.map((place) => place.length),
    sorted.map((place) => place.plainSize),
    sorted.map((place) => place.frame),
    sorted.map((place) => storedEncodings.indexOf(place.encoding)),
    sorted.map((place) => toBytes(place.digest)),
  ] as const;
}
