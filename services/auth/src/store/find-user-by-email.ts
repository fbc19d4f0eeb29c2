import { statement, type Transaction } from '@driftbox/postgres';
import { userColumns, type UserRow } from './user-row.ts';

const select = statement({
  name: 'auth.find-user-by-email',
  text: `SELECT ${userColumns} FROM users WHERE tenant = $1 AND email = $2`,
});

/** The user of this address, whatever their status. */
export async function findUserByEmail(tx: Transaction, email: string): Promise<UserRow | undefined> {
  return (await tx.query<UserRow>(select, [tx.tenantId, email])).rows[0];
}
