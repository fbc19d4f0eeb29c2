import type { UserId } from '@driftbox/domain';
import { statement, type Transaction } from '@driftbox/postgres';

const lock = statement({
  name: 'auth.lock-owners',
  text: `SELECT user_id AS "userId" FROM users WHERE tenant = $1 AND role = 'owner' AND status = 'active' ORDER BY user_id FOR UPDATE`,
});

/** Who owns the tenant and may sign in, held until the transaction ends: of two who leave at once the last one stays. */
export async function lockOwners(tx: Transaction): Promise<UserId[]> {
  return (await tx.query<{ userId: UserId }>(lock, [tx.tenantId])).rows.map(({ userId }) => userId);
}
