import type { TenantId } from '@driftbox/domain';
import { Problem } from '@driftbox/protocol';
import { type Actor, hashPassword, verifyPassword } from '@driftbox/service-kit';
import type { Context } from './context.ts';
import { countAttempt } from './count-attempt.ts';
import { endSessions } from './end-sessions.ts';
import { findUser } from './store/find-user.ts';
import { insertAudit } from './store/insert-audit.ts';
import { lockUser } from './store/lock-user.ts';
import { setPassword } from './store/set-password.ts';

/**
 * Sets a new password and ends every other session of the user. Throws `permission_denied` when the current one is
 * wrong, counted like a sign-in: a stolen access token is no licence to guess.
 */
export async function changePassword(
  context: Context,
  tenantId: TenantId,
  actor: Actor,
  current: string,
  wanted: string,
  address: string,
): Promise<void> {
  const user = await context.database.transaction(tenantId, (tx) => findUser(tx, actor.userId), { readOnly: true });
  if (user === undefined) throw new Problem('unauthenticated');
  const forgive = await countAttempt(context, tenantId, user.email, address, actor.deviceId);
  if (!(await verifyPassword(current, user.passwordHash ?? context.dummyHash)))
    throw new Problem('permission_denied', 'The current password is wrong');
  const passwordHash = await hashPassword(wanted, context.passwordCost);
  await context.database.transaction(tenantId, async (tx) => {
    const locked = await lockUser(tx, actor.userId);
    if (locked?.passwordHash !== user.passwordHash) throw new Problem('permission_denied', 'The current password is wrong');
    setPassword(tx, actor.userId, passwordHash);
    await endSessions(tx, actor.userId, { except: actor.sessionId }, 'password-changed', context.nowMs());
    insertAudit(tx, { outcome: 'password-changed', address, userId: actor.userId, deviceId: actor.deviceId }, context.nowMs());
  });
  await forgive();
  await context.revocations.poll();
}
