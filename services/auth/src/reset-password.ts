import type { TenantId } from '@driftbox/domain';
import { Problem } from '@driftbox/protocol';
import { hashPassword, hashSecret } from '@driftbox/service-kit';
import type { Context } from './context.ts';
import { endSessions } from './end-sessions.ts';
import { userUpdated } from './events.ts';
import { insertAudit } from './store/insert-audit.ts';
import { lockUser } from './store/lock-user.ts';
import { markEmailVerified } from './store/mark-email-verified.ts';
import { setPassword } from './store/set-password.ts';
import { takeMailedSecret } from './store/take-mailed-secret.ts';

/** Sets a new password with the mailed secret, which works once, and ends all sessions. Having the mail proves the address. */
export async function resetPassword(context: Context, tenantId: TenantId, secret: string, wanted: string, address: string): Promise<void> {
  const passwordHash = await hashPassword(wanted, context.passwordCost);
  await context.database.transaction(tenantId, async (tx) => {
    const nowMs = context.nowMs();
    const userId = await takeMailedSecret(tx, 'reset-password', hashSecret(secret), nowMs);
    const user = userId === undefined ? undefined : await lockUser(tx, userId);
    if (user?.status !== 'active') throw new Problem('permission_denied', 'The link is not valid, or no longer');
    setPassword(tx, user.userId, passwordHash);
    const proven = user.emailVerified ? undefined : await markEmailVerified(tx, user.userId);
    if (proven !== undefined) userUpdated(tx, proven);
    await endSessions(tx, user.userId, {}, 'password-reset', nowMs);
    insertAudit(tx, { outcome: 'password-reset', address, userId: user.userId }, nowMs);
  });
  await context.revocations.poll();
}
