import { statement, type Transaction } from '@driftbox/postgres';
import { userColumns, type UserRow } from './user-row.ts';

const update = statement({
  name: 'auth.use-app-password',
  text: `UPDATE app_passwords SET last_used_at = $4 FROM users
         WHERE app_passwords.tenant = $1 AND secret_hash = $2 AND users.tenant = $1 AND users.user_id = app_passwords.user_id
           AND users.email = $3 AND users.status = 'active'
         RETURNING app_password_id AS "appPasswordId", scope, ${userColumns}`,
});

export type UsedAppPassword = UserRow & { readonly appPasswordId: string; readonly scope: 'read' | 'write' };

/** The app password of this secret and address, if its user is active; notes its use. */
export async function useAppPassword(
  tx: Transaction,
  secretHash: Buffer,
  email: string,
  nowMs: number,
): Promise<UsedAppPassword | undefined> {
  return (await tx.query<UsedAppPassword>(update, [tx.tenantId, secretHash, email, new Date(nowMs)])).rows[0];
}
