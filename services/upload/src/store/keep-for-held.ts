import type { CommitId, TenantId, UploadId } from '@driftbox/domain';
import { statement, type Database } from '@driftbox/postgres';

const keepForHeldStatement = statement({
  name: 'upload.keep-for-held',
  text: `
    WITH kept AS (
      UPDATE pins SET expires_at = greatest(expires_at, now() + interval '30 days')
      WHERE tenant = $1 AND (holder = $2 AND is_commit OR holder = $3 AND NOT is_commit)
    )
    UPDATE uploads SET expires_at = greatest(expires_at, now() + interval '30 days') WHERE tenant = $1 AND upload_id = $3`,
});

/** Keeps for 30 days what a commit and its upload pin: a person decides whether a held device's work is wanted. */
export async function keepForHeld(database: Database, tenantId: TenantId, commitId: CommitId, uploadId: UploadId): Promise<void> {
  await database.withTenant(tenantId, keepForHeldStatement, [tenantId, commitId, uploadId], { readOnly: false, attempts: 3 });
}
