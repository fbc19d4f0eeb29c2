import type { TenantId } from '@driftbox/domain';
import { statement, type Database } from '@driftbox/postgres';

const expireUploadsStatement = statement({
  name: 'upload.expire-uploads',
  text: `
    WITH due AS (
      SELECT upload_id FROM uploads WHERE tenant = $1 AND expires_at <= now() ORDER BY expires_at LIMIT $2 FOR UPDATE SKIP LOCKED
    ), forgotten AS (
      DELETE FROM proofs USING due WHERE proofs.tenant = $1 AND proofs.upload_id = due.upload_id
    ), unpinned AS (
      DELETE FROM pins USING due WHERE pins.tenant = $1 AND pins.holder = due.upload_id AND NOT pins.is_commit
    ), closed AS (
      DELETE FROM uploads USING due WHERE uploads.tenant = $1 AND uploads.upload_id = due.upload_id
    )
    SELECT upload_id FROM due`,
});

/** Ends at most `limit` expired uploads with their proofs and pins. Answers how many. */
export async function expireUploads(database: Database, tenantId: TenantId, limit: number): Promise<number> {
  const { rows } = await database.withTenant(tenantId, expireUploadsStatement, [tenantId, limit], { readOnly: false, attempts: 3 });
  return rows.length;
}
