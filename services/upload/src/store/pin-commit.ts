import type { CommitId, Digest, TenantId } from '@driftbox/domain';
import { statement, type Database } from '@driftbox/postgres';
import { fromBytes, toSortedBytes } from '../digest-bytes.ts';

const pinCommitStatement = statement({
  name: 'upload.pin-commit',
  text: `
    WITH pin AS (
      INSERT INTO pins (tenant, holder, part, is_commit, expires_at, digests) VALUES ($1, $2, $5, true, $3, $4::bytea[])
    )
    SELECT digest, plain_bytes FROM chunks WHERE tenant = $1 AND digest = ANY ($4::bytea[]) AND NOT condemned`,
});

/** One row holds a commit's pin, except for the longest lists. */
const digestsOfRow = 20_000;

/**
 * Keeps a commit's chunks from collection until `commitBy` or later, and answers the plain sizes of those that are there.
 * A chunk condemned while this runs is asked about once more before its deletion, and then the pin is seen.
 */
export async function pinCommit(
  database: Database,
  tenantId: TenantId,
  commitId: CommitId,
  commitBy: Date,
  digests: Iterable<Digest>,
): Promise<Map<Digest, number>> {
  const all = toSortedBytes(digests);
  const sizes = new Map<Digest, number>();
  for (let from = 0; from < all.length; from += digestsOfRow) {
    const part = Buffer.alloc(4);
    part.writeUInt32BE(from / digestsOfRow);
    const values = [tenantId, commitId, commitBy, all.slice(from, from + digestsOfRow), part];
    const { rows } = await database.withTenant<{ digest: Buffer; plain_bytes: number }>(tenantId, pinCommitStatement, values, {
      readOnly: false,
      plansOnce: true,
    });
    for (const row of rows) sizes.set(fromBytes(row.digest), row.plain_bytes);
  }
  return sizes;
}
