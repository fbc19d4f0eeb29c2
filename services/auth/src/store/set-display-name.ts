import type { UserId } from '@driftbox/domain';
import { statement, type Transaction } from '@driftbox/postgres';
import { userColumns, type UserRow } from './user-row.ts';

const update = statement({
  name: 'auth.set-display-name',
  text: `UPDATE users SET display_name = $3 WHERE tenant = $1 AND user_id = $2 RETURNING ${userColumns}`,
});

export async function setDisplayName(tx: Transaction, userId: UserId, displayName: string): Promise<UserRow | undefined> {
  return (await tx.query<UserRow>(update, [tx.tenantId, userId, displayName])).rows[0];
}
