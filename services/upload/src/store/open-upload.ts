import type { DriveId, TenantId, UploadId, UserId } from '@driftbox/domain';
import { statement, type Database } from '@driftbox/postgres';

const openUploadStatement = statement({
  name: 'upload.open-upload',
  text: `
    INSERT INTO uploads AS u (tenant, upload_id, drive, user_id, expires_at)
    VALUES ($1, $2, $3, $4, now() + make_interval(secs => $5))
    ON CONFLICT (tenant, upload_id) DO UPDATE SET expires_at = excluded.expires_at
    WHERE u.drive = excluded.drive AND u.user_id = excluded.user_id
    RETURNING upload_id`,
});

/** Who transfers what where. */
export type UploadKey = { readonly tenantId: TenantId; readonly drive: DriveId; readonly userId: UserId; readonly uploadId: UploadId };

/** Opens the upload, or renews it. `false`: the id is in use by another user, or for another drive. */
export async function openUpload(database: Database, upload: UploadKey, ttlSeconds: number): Promise<boolean> {
  const { tenantId, uploadId, drive, userId } = upload;
  const { rows } = await database.withTenant(tenantId, openUploadStatement, [tenantId, uploadId, drive, userId, ttlSeconds], {
    readOnly: false,
    attempts: 3,
  });
  return rows.length === 1;
}
