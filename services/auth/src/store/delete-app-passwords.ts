import type { UserId } from '@driftbox/domain';
import { statement, type Transaction } from '@driftbox/postgres';

const remove = statement({
  name: 'auth.delete-app-password',
  text: `DELETE FROM app_passwords WHERE tenant = $1 AND user_id = $2 AND ($3::uuid IS NULL OR app_password_id = $3)
         RETURNING app_password_id AS "id"`,
});

/** Removes one app password of a user, or all of them; answers the ids removed. */
export async function deleteAppPasswords(tx: Transaction, userId: UserId, appPasswordId: string | undefined): Promise<string[]> {
  return (await tx.query<{ id: string }>(remove, [tx.tenantId, userId, appPasswordId ?? null])).rows.map((row) => row.id);
}
