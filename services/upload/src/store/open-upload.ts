import type { DriveId, TenantId, UploadId, UserId } from '@driftbox/domain';
import { statement, type Database } from '@driftbox/postgres';
import { present } from '../present.ts';

const openUploadStatement = statement({
  name: 'upload.open-upload',
  text: `
    WITH room AS (
      SELECT CASE WHEN t.uploads IS NULL THEN true
        ELSE EXISTS (SELECT 1 FROM uploads WHERE tenant = $1 AND upload_id = $2)
          OR (SELECT count(*) FROM (SELECT 1 FROM uploads WHERE tenant = $1 AND expires_at > now() LIMIT t.uploads) o) < t.uploads
        END AS free
      FROM (SELECT (SELECT uploads FROM tenants WHERE tenant = $1) AS uploads) t
    ), opened AS (
      INSERT INTO uploads AS u (tenant, upload_id, drive, user_id, expires_at)
      SELECT $1, $2, $3, $4, now() + make_interval(secs => $5) FROM room WHERE free
      ON CONFLICT (tenant, upload_id) DO UPDATE SET expires_at = excluded.expires_at
      WHERE u.drive = excluded.drive AND u.user_id = excluded.user_id
      RETURNING upload_id
    )
    SELECT free, EXISTS (SELECT 1 FROM opened) AS opened FROM room`,
});

/** Who transfers what where. */
export type UploadKey = { readonly tenantId: TenantId; readonly drive: DriveId; readonly userId: UserId; readonly uploadId: UploadId };

/**
 * Opens the upload, or renews it. `taken`: the id is in use by another user, or for another drive. `full`: the tenant has as
 * many open as it may; those that open one at the same instant are not counted.
 */
export async function openUpload(database: Database, upload: UploadKey, ttlSeconds: number): Promise<'open' | 'taken' | 'full'> {
  const { tenantId, uploadId, drive, userId } = upload;
  const { rows } = await database.withTenant<{ free: boolean; opened: boolean }>(
    tenantId,
    openUploadStatement,
    [tenantId, uploadId, drive, userId, ttlSeconds],
    { readOnly: false, attempts: 3 },
  );
  const { free, opened } = present(rows[0], 'it always answers a row');
  if (!free) return 'full';
  return opened ? 'open' : 'taken';
}
