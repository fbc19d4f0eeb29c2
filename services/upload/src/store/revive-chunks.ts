import type { Digest, TenantId } from '@driftbox/domain';
import { statement, type Database } from '@driftbox/postgres';
import { fromBytes, toSortedBytes } from '../digest-bytes.ts';

const reviveChunksStatement = statement({
  name: 'upload.revive-chunks',
  text: `
    WITH held AS (
      SELECT digest, condemned FROM chunks WHERE tenant = $1 AND digest = ANY ($2::bytea[]) ORDER BY digest FOR UPDATE
    ), revived AS (
      UPDATE chunks c SET condemned = false, condemned_at = NULL FROM held WHERE c.tenant = $1 AND c.digest = held.digest AND held.condemned
    )
    SELECT digest FROM held`,
});

/**
 * Un-condemns chunks: their bytes were just proven again, or something turned out to reference them. Answers which of them are
 * in the pool; the others were deleted meanwhile, and are to be stored like any that are new.
 */
export async function reviveChunks(database: Database, tenantId: TenantId, digests: readonly Digest[]): Promise<Set<Digest>> {
  if (digests.length === 0) return new Set();
  const { rows } = await database.withTenant<{ digest: Buffer }>(tenantId, reviveChunksStatement, [tenantId, toSortedBytes(digests)], {
    readOnly: false,
    attempts: 3,
  });
  return new Set(rows.map(({ digest }) => fromBytes(digest)));
}
