import type { TenantUser } from '@driftbox/protocol';
import type { UserRow } from './store/user-row.ts';

/** Somebody as the tenant's administrators see them. */
export function presentUser({ lastSeenMs, ...user }: UserRow & { readonly lastSeenMs?: number | null }): TenantUser {
  const { userId, email, emailVerified, displayName, role, status, createdAtMs } = user;
  return {
    userId,
    email,
    emailVerified,
    displayName,
    role,
    status,
    createdAt: new Date(createdAtMs).toISOString(),
    ...(lastSeenMs === null || lastSeenMs === undefined ? {} : { lastSeenAt: new Date(lastSeenMs).toISOString() }),
  };
}
