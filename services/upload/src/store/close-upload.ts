import { statement, type Database } from '@driftbox/postgres';
import type { UploadKey } from './open-upload.ts';

const closeUploadStatement = statement({
  name: 'upload.close-upload',
  text: `
    WITH closed AS (
      DELETE FROM uploads WHERE tenant = $1 AND upload_id = $2 AND drive = $3 AND user_id = $4 RETURNING upload_id
    ), forgotten AS (
      DELETE FROM proofs USING closed WHERE proofs.tenant = $1 AND proofs.upload_id = closed.upload_id
    ), unpinned AS (
      DELETE FROM pins USING closed WHERE pins.tenant = $1 AND pins.holder = closed.upload_id AND NOT pins.is_commit
    )
    SELECT upload_id FROM closed`,
});

/** Ends an upload with its proofs and pins. `false`: this user has no such upload to this drive. */
export async function closeUpload(database: Database, upload: UploadKey): Promise<boolean> {
  const { tenantId, uploadId, drive, userId } = upload;
  const { rows } = await database.withTenant(tenantId, closeUploadStatement, [tenantId, uploadId, drive, userId], {
    readOnly: false,
    attempts: 3,
  });
  return rows.length === 1;
}
