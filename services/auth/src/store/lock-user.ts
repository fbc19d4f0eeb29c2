import type { UserId } from '@driftbox/domain';
import { statement, type Transaction } from '@driftbox/postgres';
import { userColumns, type UserRow } from './user-row.ts';

const select = statement({
  name: 'auth.lock-user',
  text: `SELECT ${userColumns} FROM users WHERE tenant = $1 AND user_id = $2 FOR UPDATE`,
});

/** The user, held until the transaction ends: whoever starts or ends their sessions takes turns. */
export async function lockUser(tx: Transaction, userId: UserId): Promise<UserRow | undefined> {
  return (await tx.query<UserRow>(select, [tx.tenantId, userId])).rows[0];
}
