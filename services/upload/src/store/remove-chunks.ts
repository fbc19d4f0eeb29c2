import type { Digest, TenantId } from '@driftbox/domain';
import { statement, type Database } from '@driftbox/postgres';
import { toBytes } from '../digest-bytes.ts';

const removeChunksStatement = statement({
  name: 'upload.remove-chunks',
  text: `
    WITH doomed AS (
      SELECT c.digest FROM chunks c JOIN unnest($2::bytea[], $3::text[]) AS d (digest, mark) ON d.digest = c.digest
      WHERE c.tenant = $1 AND c.condemned AND c.condemned_at = d.mark::timestamptz
        AND NOT EXISTS (SELECT 1 FROM collection_holds h WHERE h.tenant = $1 AND h.expires_at > now())
      ORDER BY c.digest FOR UPDATE OF c
    ), gone AS (
      DELETE FROM chunks c USING doomed WHERE c.tenant = $1 AND c.digest = doomed.digest RETURNING c.pack_id, c.length_bytes
    ), sums AS (
      SELECT pack_id, sum(length_bytes) AS bytes FROM gone GROUP BY pack_id
    ), shrunk AS (
      UPDATE packs p SET live_bytes = p.live_bytes - s.bytes, dead_bytes = p.dead_bytes + s.bytes,
        dead_at = CASE WHEN p.live_bytes = s.bytes THEN now() END
      FROM sums s WHERE p.tenant = $1 AND p.pack_id = s.pack_id
    ), total AS (
      SELECT count(*) AS chunks, coalesce(sum(length_bytes), 0)::bigint AS bytes FROM gone
    )
    UPDATE physical_ledger l SET live_bytes = l.live_bytes - total.bytes, chunks = l.chunks - total.chunks
    FROM total WHERE l.tenant = $1 RETURNING total.chunks AS count, total.bytes`,
});

/**
 * Deletes the chunks that still stand under these condemnations, unless somebody holds collection back; what they took is dead in
 * packs and ledger from then on.
 */
export async function removeChunks(
  database: Database,
  tenantId: TenantId,
  condemned: readonly { readonly digest: Digest; readonly mark: string }[],
): Promise<{ count: number; bytes: number }> {
  const { rows } = await database.withTenant<{ count: number; bytes: number }>(
    tenantId,
    removeChunksStatement,
    [tenantId, condemned.map(({ digest }) => toBytes(digest)), condemned.map(({ mark }) => mark)],
    { readOnly: false, attempts: 3 },
  );
  return rows[0] ?? { count: 0, bytes: 0 };
}
