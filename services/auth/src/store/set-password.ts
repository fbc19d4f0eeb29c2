import type { UserId } from '@driftbox/domain';
import { statement, type Transaction } from '@driftbox/postgres';

const update = statement({ name: 'auth.set-password', text: 'UPDATE users SET password_hash = $3 WHERE tenant = $1 AND user_id = $2' });

export function setPassword(tx: Transaction, userId: UserId, passwordHash: string): void {
  tx.defer(update, [tx.tenantId, userId, passwordHash]);
}
