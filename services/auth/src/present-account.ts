import type { Account } from '@driftbox/protocol';
import type { UserRow } from './store/user-row.ts';

/** A user as they see themselves. */
export function presentAccount(user: UserRow): Account {
  const { userId, tenantId, email, emailVerified, displayName, role } = user;
  return { userId, tenantId, email, emailVerified, displayName, role, createdAt: new Date(user.createdAtMs).toISOString() };
}
