import type { CommitId, Digest, TenantId } from '@driftbox/domain';
import { statement, type Database } from '@driftbox/postgres';
import { fromBytes, toSortedBytes } from '../digest-bytes.ts';

const pinCommitStatement = statement({
  name: 'upload.pin-commit',
  text: `
    WITH pin AS (
      INSERT INTO pins (tenant, holder, part, is_commit, expires_at, digests)
      VALUES ($1, $2, $5, true, now() + make_interval(secs => $3), $4::bytea[])
      RETURNING expires_at
    )
    SELECT pin.expires_at, c.digest, c.plain_bytes
    FROM pin LEFT JOIN chunks c ON c.tenant = $1 AND c.digest = ANY ($4::bytea[]) AND NOT c.condemned`,
});

/** The last moment that the protocol can say: nothing is pinned for a commit that names no chunk, so it may come whenever it does. */
const noTimeMs = Date.UTC(9999, 11, 31);

/** One row holds a commit's pin, except for the longest lists. */
const digestsOfRow = 20_000;

type Row = { readonly expires_at: number; readonly digest: Buffer | null; readonly plain_bytes: number };

/** What a commit's pin keeps: until `commitBy` or later, by the database's clock, and the plain sizes of the chunks that are there. */
export type Pinned = { readonly commitBy: Date; readonly sizes: ReadonlyMap<Digest, number> };

/**
 * Keeps a commit's chunks from collection for `withinMs` or longer. The time is the database's, as metadata judges by a database's:
 * clocks of services may be wrong. A chunk condemned while this runs is asked about once more before its deletion: then the pin is
 * seen.
 */
export async function pinCommit(
  database: Database,
  tenantId: TenantId,
  commitId: CommitId,
  withinMs: number,
  digests: ReadonlySet<Digest>,
): Promise<Pinned> {
  const all = toSortedBytes(digests);
  const sizes = new Map<Digest, number>();
  let commitByMs = Infinity;
  for (let from = 0; from < all.length; from += digestsOfRow) {
    const part = Buffer.alloc(4);
    part.writeUInt32BE(from / digestsOfRow);
    const values = [tenantId, commitId, withinMs / 1000, all.slice(from, from + digestsOfRow), part];
    const { rows } = await database.withTenant<Row>(tenantId, pinCommitStatement, values, { readOnly: false, plansOnce: true });
    for (const { expires_at: expiresMs, digest, plain_bytes: bytes } of rows) {
      commitByMs = Math.min(commitByMs, expiresMs);
      if (digest !== null) sizes.set(fromBytes(digest), bytes);
    }
  }
  return { commitBy: new Date(Math.min(commitByMs, noTimeMs)), sizes };
}
