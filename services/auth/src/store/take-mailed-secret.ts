import type { UserId } from '@driftbox/domain';
import { statement, type Transaction } from '@driftbox/postgres';
import type { SecretPurpose } from './save-mailed-secret.ts';

const remove = statement({
  name: 'auth.take-mailed-secret',
  text: `DELETE FROM mailed_secrets WHERE tenant = $1 AND purpose = $2 AND secret_hash = $3 AND expires_at > $4
         RETURNING user_id AS "userId"`,
});

/** Uses the secret up and answers whose it was; it works once. */
export async function takeMailedSecret(
  tx: Transaction,
  purpose: SecretPurpose,
  secretHash: Buffer,
  nowMs: number,
): Promise<UserId | undefined> {
  return (await tx.query<{ userId: UserId }>(remove, [tx.tenantId, purpose, secretHash, new Date(nowMs)])).rows[0]?.userId;
}
