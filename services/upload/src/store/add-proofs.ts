import type { Digest } from '@driftbox/domain';
import { statement, type Database } from '@driftbox/postgres';
import { toSortedBytes } from '../digest-bytes.ts';
import type { UploadKey } from './open-upload.ts';

const addProofsStatement = statement({
  name: 'upload.add-proofs',
  text: `
    WITH held AS (
      SELECT upload_id FROM uploads WHERE tenant = $1 AND upload_id = $2 AND drive = $3 AND user_id = $4 FOR KEY SHARE
    ), added AS (
      INSERT INTO proofs (tenant, upload_id, digest)
      SELECT $1, held.upload_id, d FROM held, unnest($5::bytea[]) AS d
      ON CONFLICT DO NOTHING
    )
    SELECT upload_id FROM held`,
});

/** Records that this user proved these bytes to this drive. `false`: the upload was closed meanwhile, nothing is recorded. */
export async function addProofs(database: Database, upload: UploadKey, digests: readonly Digest[]): Promise<boolean> {
  if (digests.length === 0) return true;
  const { tenantId, uploadId, drive, userId } = upload;
  const { rows } = await database.withTenant(
    tenantId,
    addProofsStatement,
    [tenantId, uploadId, drive, userId, toSortedBytes(new Set(digests))],
    { readOnly: false, attempts: 3 },
  );
  return rows.length === 1;
}
