import type { UserId } from '@driftbox/domain';
import { statement, type Transaction } from '@driftbox/postgres';
import { userColumns, type UserRow } from './user-row.ts';

const update = statement({
  name: 'auth.mark-email-verified',
  text: `UPDATE users SET email_verified = true WHERE tenant = $1 AND user_id = $2 RETURNING ${userColumns}`,
});

export async function markEmailVerified(tx: Transaction, userId: UserId): Promise<UserRow | undefined> {
  return (await tx.query<UserRow>(update, [tx.tenantId, userId])).rows[0];
}
