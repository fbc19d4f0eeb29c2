import type { UserId } from '@driftbox/domain';
import { statement, type Transaction } from '@driftbox/postgres';
import { userColumns, type UserRow } from './user-row.ts';

const select = statement({ name: 'auth.find-user', text: `SELECT ${userColumns} FROM users WHERE tenant = $1 AND user_id = $2` });

/** The user of this id, whatever their status. */
export async function findUser(tx: Transaction, userId: UserId): Promise<UserRow | undefined> {
  return (await tx.query<UserRow>(select, [tx.tenantId, userId])).rows[0];
}
