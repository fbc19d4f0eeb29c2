import type { Digest, TenantId } from '@driftbox/domain';
import { statement, type Database } from '@driftbox/postgres';
import { fromBytes, toBytes } from '../digest-bytes.ts';

/** Whether a chunk `e.digest` is held: named by a pin, or proven to an upload that is open. */
export const heldChunk = `(EXISTS (SELECT 1 FROM proofs f WHERE f.tenant = $1 AND f.digest = e.digest)
  OR e.digest IN (SELECT d FROM pins p CROSS JOIN LATERAL unnest(p.digests) AS d WHERE p.tenant = $1))`;

const listIdleChunksStatement = statement({
  name: 'upload.list-idle-chunks',
  text: `
    WITH examined AS MATERIALIZED (
      SELECT digest, pack_id, condemned FROM chunks WHERE tenant = $1 AND digest > $2 ORDER BY digest LIMIT $3
    )
    SELECT (SELECT max(digest) FROM examined) AS last,
      ARRAY(
        SELECT e.digest FROM examined e JOIN packs k ON k.tenant = $1 AND k.pack_id = e.pack_id
        WHERE NOT e.condemned AND k.created_at < now() - make_interval(secs => $4) AND NOT ${heldChunk} ORDER BY e.digest
      ) AS idle`,
});

/** Of the next `limit` chunks after a digest: those in packs older than `graceMs` that are neither condemned nor held. */
export async function listIdleChunks(
  database: Database,
  tenantId: TenantId,
  page: { readonly after: Digest | undefined; readonly limit: number; readonly graceMs: number },
): Promise<{ items: Digest[]; last: Digest | undefined }> {
  const after = page.after === undefined ? Buffer.alloc(0) : toBytes(page.after);
  const { rows } = await database.withTenant<{ last: Buffer | null; idle: Buffer[] }>(tenantId, listIdleChunksStatement, [
    tenantId,
    after,
    page.limit,
    page.graceMs / 1000,
  ]);
  const last = rows[0]?.last ?? undefined;
  return { items: (rows[0]?.idle ?? []).map(fromBytes), last: last === undefined ? undefined : fromBytes(last) };
}
