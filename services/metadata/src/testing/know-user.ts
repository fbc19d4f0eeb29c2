import type { TenantId, UserId } from '@driftbox/domain';
import type { TestDatabase } from '@driftbox/testkit';
import { copyUser } from '../copy-users.ts';

/** Tells metadata of a person as auth's event would; their address is `NAME@example.com`. */
export function knowUser(db: TestDatabase, tenantId: TenantId, userId: UserId, name: string): Promise<void> {
  const data = { userId, displayName: name, email: `${name}@example.com` };
  return copyUser(db.database, { type: 'user.created', time: new Date().toISOString(), tenant: tenantId, subject: userId, data });
}
