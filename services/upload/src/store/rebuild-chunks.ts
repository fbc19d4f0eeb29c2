import type { Digest, TenantId } from '@driftbox/domain';
import { statement, type Database } from '@driftbox/postgres';
import { fromBytes } from '../digest-bytes.ts';
import type { Place } from '../place.ts';
import { placeColumns } from './record-chunks.ts';
import { repairLedger } from './repair-ledger.ts';

// A pack that has been dead for longer may be on its way out of the pool: collection lists none that died within ten minutes.
const rebuildChunksStatement = statement({
  name: 'upload.rebuild-chunks',
  text: `
    INSERT INTO chunks (tenant, pack_id, offset_bytes, length_bytes, plain_bytes, frame_index, encoding, digest)
    SELECT $1, f.* FROM unnest($2::uuid[], $3::bigint[], $4::int[], $5::int[], $6::int[], $7::smallint[], $8::bytea[])
      AS f (pack_id, offset_bytes, length_bytes, plain_bytes, frame_index, encoding, digest)
    WHERE EXISTS (
      SELECT 1 FROM packs p WHERE p.tenant = $1 AND p.pack_id = f.pack_id
        AND (p.live_bytes > 0 OR coalesce(p.dead_at, p.created_at) > now() - interval '5 minutes')
    )
    ON CONFLICT (tenant, digest) DO NOTHING
    RETURNING digest`,
});

/**
 * Gives chunks a row again that have none, where they lie in packs that stay, and brings ledger and packs to what the rows say then, in
 * one transaction. Answers which have one now.
 */
export async function rebuildChunks(database: Database, tenantId: TenantId, places: readonly Place[]): Promise<ReadonlySet<Digest>> {
  const rebuilt = new Set<Digest>();
  if (places.length === 0) return rebuilt;
  await repairLedger(database, tenantId, async (tx) => {
    const { rows } = await tx.query<{ digest: Buffer }>(rebuildChunksStatement, [tenantId, ...placeColumns(places)]);
    rebuilt.clear();
    for (const { digest } of rows) rebuilt.add(fromBytes(digest));
    return rows.length > 0;
  });
  return rebuilt;
}
