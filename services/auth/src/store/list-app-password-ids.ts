import type { UserId } from '@driftbox/domain';
import { statement, type Transaction } from '@driftbox/postgres';

const select = statement({
  name: 'auth.list-app-password-ids',
  text: 'SELECT app_password_id AS id FROM app_passwords WHERE tenant = $1 AND user_id = $2',
});

/** The user's app passwords; each is the session of the tokens that it was exchanged for. */
export async function listAppPasswordIds(tx: Transaction, userId: UserId): Promise<string[]> {
  return (await tx.query<{ id: string }>(select, [tx.tenantId, userId])).rows.map(({ id }) => id);
}
