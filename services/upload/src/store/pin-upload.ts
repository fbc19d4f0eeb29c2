import { createHash } from 'node:crypto';
import type { Digest, TenantId, UploadId } from '@driftbox/domain';
import { statement, type Database } from '@driftbox/postgres';
import { fromBytes, toSortedBytes } from '../digest-bytes.ts';

const pinUploadStatement = statement({
  name: 'upload.pin-upload',
  text: `
    WITH pin AS (
      INSERT INTO pins (tenant, holder, part, is_commit, expires_at, digests)
      VALUES ($1, $2, $3, false, now() + make_interval(secs => $4), $5::bytea[])
      ON CONFLICT (tenant, holder, part) DO UPDATE SET expires_at = excluded.expires_at
    )
    SELECT digest FROM damaged_chunks WHERE tenant = $1 AND digest = ANY ($5::bytea[])
    UNION ALL
    SELECT a.digest FROM unnest($5::bytea[]) AS a (digest)
    WHERE EXISTS (SELECT 1 FROM damaged_chunks WHERE tenant = $1)
      AND NOT EXISTS (SELECT 1 FROM chunks c WHERE c.tenant = $1 AND c.digest = a.digest)`,
});

/**
 * Keeps what an upload named from collection until the upload expires. Naming the same again renews the same row. Answers what of it is
 * known to be damaged, and while anything of the tenant is, every list, since that may name what is.
 */
export async function pinUpload(
  database: Database,
  tenantId: TenantId,
  uploadId: UploadId,
  digests: readonly Digest[],
  ttlSeconds: number,
): Promise<ReadonlySet<Digest>> {
  if (digests.length === 0) return new Set();
  const sorted = toSortedBytes(new Set(digests));
  const hash = createHash('sha256');
  for (const digest of sorted) hash.update(digest);
  const part = hash.digest().subarray(0, 16);
  const values = [tenantId, uploadId, part, ttlSeconds, sorted];
  const { rows } = await database.withTenant<{ digest: Buffer }>(tenantId, pinUploadStatement, values, { readOnly: false, attempts: 3 });
  return new Set(rows.map((row) => fromBytes(row.digest)));
}
