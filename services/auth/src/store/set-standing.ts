import type { TenantRole, UserId } from '@driftbox/domain';
import { statement, type Transaction } from '@driftbox/postgres';
import type { UserRow } from './user-row.ts';

const update = statement({
  name: 'auth.set-standing',
  text: 'UPDATE users SET role = $3, status = $4 WHERE tenant = $1 AND user_id = $2',
});

/** Sets somebody's role in the tenant, and whether they may sign in. */
export function setStanding(tx: Transaction, userId: UserId, role: TenantRole, status: UserRow['status']): void {
  tx.defer(update, [tx.tenantId, userId, role, status]);
}
