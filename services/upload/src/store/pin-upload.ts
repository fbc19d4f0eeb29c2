import { createHash } from 'node:crypto';
import type { Digest, TenantId, UploadId } from '@driftbox/domain';
import { statement, type Database } from '@driftbox/postgres';
import { toSortedBytes } from '../digest-bytes.ts';

const pinUploadStatement = statement({
  name: 'upload.pin-upload',
  text: `
    INSERT INTO pins (tenant, holder, part, is_commit, expires_at, digests)
    VALUES ($1, $2, $3, false, now() + make_interval(secs => $4), $5::bytea[])
    ON CONFLICT (tenant, holder, part) DO UPDATE SET expires_at = excluded.expires_at`,
});

/** Keeps what an upload named from collection until the upload expires. Naming the same again renews the same row. */
export async function pinUpload(
  database: Database,
  tenantId: TenantId,
  uploadId: UploadId,
  digests: readonly Digest[],
  ttlSeconds: number,
): Promise<void> {
  if (digests.length === 0) return;
  const sorted = toSortedBytes(new Set(digests));
  const hash = createHash('sha256');
  for (const digest of sorted) hash.update(digest);
  const part = hash.digest().subarray(0, 16);
  await database.withTenant(tenantId, pinUploadStatement, [tenantId, uploadId, part, ttlSeconds, sorted], { readOnly: false, attempts: 3 });
}
