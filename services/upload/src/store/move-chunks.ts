import type { TenantId } from '@driftbox/domain';
import { statement, type Database } from '@driftbox/postgres';
import type { Copied } from '../collect/ground.ts';
import { toBytes } from '../digest-bytes.ts';
import { storedEncodings } from '../place.ts';
import { present } from '../present.ts';

const moveChunksStatement = statement({
  name: 'upload.move-chunks',
  text: `
    WITH copies AS MATERIALIZED (
      SELECT * FROM unnest($2::bytea[], $3::uuid[], $4::uuid[], $5::bigint[], $6::int[], $7::int[], $11::smallint[])
        AS f (digest, from_pack, to_pack, offset_bytes, length_bytes, frame_index, encoding)
    ), locked AS (
      SELECT c.digest FROM chunks c JOIN copies f ON f.digest = c.digest
      WHERE c.tenant = $1 AND c.pack_id = f.from_pack AND NOT c.condemned ORDER BY c.digest FOR UPDATE OF c
    ), moved AS (
      UPDATE chunks c SET pack_id = f.to_pack, offset_bytes = f.offset_bytes, length_bytes = f.length_bytes, frame_index = f.frame_index,
        encoding = f.encoding
      FROM copies f JOIN locked USING (digest) WHERE c.tenant = $1 AND c.digest = f.digest
      RETURNING f.from_pack, f.to_pack, old.length_bytes AS left_bytes, new.length_bytes AS come_bytes
    ), emptied AS (
      UPDATE packs p SET live_bytes = p.live_bytes - s.bytes, dead_bytes = p.dead_bytes + s.bytes,
        dead_at = CASE WHEN p.live_bytes = s.bytes THEN now() END
      FROM (SELECT from_pack, sum(left_bytes) AS bytes FROM moved GROUP BY from_pack) s WHERE p.tenant = $1 AND p.pack_id = s.from_pack
    ), filled AS (
      INSERT INTO packs AS p (tenant, pack_id, generation, size_bytes, live_bytes)
      SELECT $1, f.pack_id, f.generation, f.size_bytes, coalesce((SELECT sum(come_bytes) FROM moved WHERE to_pack = f.pack_id), 0)
      FROM unnest($8::uuid[], $9::int[], $10::bigint[]) AS f (pack_id, generation, size_bytes)
      ORDER BY f.pack_id
      ON CONFLICT (tenant, pack_id) DO UPDATE SET live_bytes = p.live_bytes + excluded.live_bytes
      RETURNING old.pack_id IS NULL AS fresh, new.size_bytes
    ), total AS (
      SELECT (SELECT coalesce(sum(size_bytes), 0) FROM filled WHERE fresh) AS pack_bytes,
        (SELECT count(*) FROM filled WHERE fresh) AS packs,
        (SELECT coalesce(sum(come_bytes), 0)::bigint FROM moved) AS moved,
        (SELECT coalesce(sum(come_bytes - left_bytes), 0) FROM moved) AS grown
    )
    UPDATE physical_ledger l SET pack_bytes = l.pack_bytes + total.pack_bytes, packs = l.packs + total.packs,
      live_bytes = l.live_bytes + total.grown
    FROM total WHERE l.tenant = $1 RETURNING total.moved`,
});

/** Lets chunks lie where they were copied to, unless they were moved, condemned or deleted meanwhile. Answers the bytes moved. */
export async function moveChunks(database: Database, tenantId: TenantId, { from, to, packs }: Copied): Promise<number> {
  const target = (index: number) => present(to[index], 'each chunk was copied');
  const column = <T>(of: (index: number) => T): T[] => from.map((_, index) => of(index));
  const { rows } = await database.withTenant<{ moved: number }>(
    tenantId,
    moveChunksStatement,
    [
      tenantId,
      from.map(({ digest }) => toBytes(digest)),
      from.map(({ packId }) => packId),
      column((index) => target(index).packId),
      column((index) => target(index).offset),
      column((index) => target(index).length),
      column((index) => target(index).frame),
      packs.map(({ packId }) => packId),
      packs.map(({ generation }) => generation),
      packs.map(({ sizeBytes }) => sizeBytes),
      column((index) => storedEncodings.indexOf(target(index).encoding)),
    ],
    { readOnly: false },
  );
  return rows[0]?.moved ?? 0;
}
