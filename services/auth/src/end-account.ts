import type { TenantId, UserId } from '@driftbox/domain';
import type { Transaction } from '@driftbox/postgres';
import { Problem } from '@driftbox/protocol';
import type { Actor } from '@driftbox/service-kit';
import type { Context } from './context.ts';
import { endSessions } from './end-sessions.ts';
import { userRemoved } from './events.ts';
import { requireAdministrator } from './invite-user.ts';
import { deleteUser } from './store/delete-user.ts';
import { findUser } from './store/find-user.ts';
import { insertAudit } from './store/insert-audit.ts';
import { insertRevocations } from './store/insert-revocations.ts';
import { lockOwners } from './store/lock-owners.ts';
import { lockUser } from './store/lock-user.ts';
import { mayChange } from './update-user.ts';

/** Whose account ends, and who takes over what they own. */
export type Ending = {
  readonly userId: UserId;
  readonly heir?: UserId | undefined;
  readonly dryRun: boolean;
  readonly address: string;
};

/**
 * Ends somebody's account: they are signed out everywhere at once, and their address is free again. Answers whether there was one.
 * Throws `permission_denied` to who may not, of oneself, of the last owner who may sign in and for an heir who owns no drives,
 * `not_found` for an heir who is not there. A dry run throws the same, and changes nothing.
 */
export async function endAccount(context: Context, tenantId: TenantId, actor: Actor, ending: Ending): Promise<boolean> {
  const { userId, heir, dryRun, address } = ending;
  const known = await context.database.transaction(tenantId, async (tx) => {
    // Owners first, then whom it is about: two who remove each other take turns.
    const owners = await lockOwners(tx);
    const [by, user] = [await findUser(tx, actor.userId), await lockUser(tx, userId)];
    requireAdministrator(by?.status === 'active' ? by.role : 'guest');
    if (userId === actor.userId) throw new Problem('permission_denied', 'Nobody removes themselves: ask another administrator');
    if (heir !== undefined) await requireHeir(tx, userId, heir);
    if (user === undefined || by === undefined) return false;
    if (!mayChange(by.role, user.role, user.role)) throw new Problem('permission_denied', 'You may not remove somebody of this role');
    if (owners.length > 0 && owners.every((owner) => owner === userId))
      throw new Problem('permission_denied', 'A tenant keeps an owner who may sign in');
    if (dryRun) return true;
    const nowMs = context.nowMs();
    await endSessions(tx, userId, {}, 'removed', nowMs);
    insertRevocations(tx, 'user', [userId], nowMs);
    tx.defer(deleteUser, [tenantId, userId]);
    userRemoved(tx, user);
    insertAudit(tx, { outcome: 'removed', address, userId, email: user.email }, nowMs);
    return true;
  });
  await context.revocations.poll();
  return known;
}

async function requireHeir(tx: Transaction, userId: UserId, heir: UserId): Promise<void> {
  const found = await findUser(tx, heir);
  if (found === undefined || found.status !== 'active' || heir === userId)
    throw new Problem('not_found', 'Whoever is to take over is nobody who may sign in');
  if (found.role === 'guest') throw new Problem('permission_denied', 'A guest cannot own a drive');
}
