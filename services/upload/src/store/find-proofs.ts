import type { Digest, DriveId, TenantId, UserId } from '@driftbox/domain';
import { statement, type Database } from '@driftbox/postgres';
import { fromBytes, toBytes } from '../digest-bytes.ts';

const findProofsStatement = statement({
  name: 'upload.find-proofs',
  text: `
    SELECT DISTINCT p.digest FROM uploads u JOIN proofs p USING (tenant, upload_id)
    WHERE u.tenant = $1 AND u.drive = $2 AND u.user_id = $3 AND u.expires_at > now() AND p.digest = ANY ($4::bytea[])`,
});

/** Which of these digests this user proved to this drive, in any open upload. */
export async function findProofs(
  database: Database,
  tenantId: TenantId,
  drive: DriveId,
  userId: UserId,
  digests: readonly Digest[],
): Promise<Set<Digest>> {
  if (digests.length === 0) return new Set();
  const values = [tenantId, drive, userId, digests.map(toBytes)];
  const { rows } = await database.withTenant<{ digest: Buffer }>(tenantId, findProofsStatement, values, {
    readOnly: true,
    plansOnce: true,
  });
  return new Set(rows.map((row) => fromBytes(row.digest)));
}
