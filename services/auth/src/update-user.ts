import type { TenantId, TenantRole, UserId } from '@driftbox/domain';
import { Problem } from '@driftbox/protocol';
import type { Actor } from '@driftbox/service-kit';
import type { Context } from './context.ts';
import { endSessions } from './end-sessions.ts';
import { userRestored, userSuspended, userUpdated } from './events.ts';
import { mayInvite } from './invite-user.ts';
import { findUser } from './store/find-user.ts';
import { insertAudit } from './store/insert-audit.ts';
import { insertRevocations } from './store/insert-revocations.ts';
import { listAppPasswordIds } from './store/list-app-password-ids.ts';
import { lockOwners } from './store/lock-owners.ts';
import { lockUser } from './store/lock-user.ts';
import { setStanding } from './store/set-standing.ts';
import type { UserRow } from './store/user-row.ts';

/** What is to become of somebody; what is left out stays. */
export type Standing = { readonly role?: TenantRole | undefined; readonly status?: UserRow['status'] | undefined };

/**
 * Whether somebody of `role` may bring one of `theirs` to `wanted`: as with invitations nobody reaches above themselves, neither to
 * take nor to give. Only administrators change anybody.
 */
export function mayChange(role: TenantRole, theirs: TenantRole, wanted: TenantRole): boolean {
  return mayInvite(role, theirs) && mayInvite(role, wanted);
}

const rank: Readonly<Record<TenantRole, number>> = { owner: 3, admin: 2, member: 1, guest: 0 };

/**
 * Gives a user of the tenant another role, suspends them or lets them in again. Who is suspended or gets a lesser role is signed out
 * everywhere. Throws `permission_denied` to who may not, of oneself and for the last owner who may sign in, and `not_found`.
 */
export async function updateUser(
  context: Context,
  tenantId: TenantId,
  actor: Actor,
  target: { readonly userId: UserId; readonly address: string } & Standing,
): Promise<UserRow> {
  const { userId, address } = target;
  const changed = await context.database.transaction(tenantId, async (tx) => {
    // Owners first, then whom it is about: two who change each other take turns.
    const owners = await lockOwners(tx);
    const [by, user] = [await findUser(tx, actor.userId), await lockUser(tx, userId)];
    if (by?.status !== 'active' || !mayInvite(by.role, 'guest'))
      throw new Problem('permission_denied', 'Only administrators of the tenant may do this');
    if (user === undefined) throw new Problem('not_found', 'There is no such person');
    const { role = user.role, status = user.status } = target;
    if (userId === actor.userId) throw new Problem('permission_denied', 'Nobody changes their own standing: ask another administrator');
    if (!mayChange(by.role, user.role, role)) throw new Problem('permission_denied', 'You may not change somebody of this role, or to it');
    const leaves = user.role === 'owner' && user.status === 'active' && (role !== 'owner' || status !== 'active');
    if (leaves && owners.every((owner) => owner === userId))
      throw new Problem('permission_denied', 'A tenant keeps an owner who may sign in');
    const next: UserRow = { ...user, role, status };
    if (role === user.role && status === user.status) return next;
    setStanding(tx, userId, role, status);
    const nowMs = context.nowMs();
    if (role !== user.role) userUpdated(tx, next);
    if (status !== user.status) (status === 'suspended' ? userSuspended : userRestored)(tx, next);
    if (status === 'suspended' || rank[role] < rank[user.role]) {
      await endSessions(tx, userId, {}, status === 'suspended' ? 'suspended' : 'role-lessened', nowMs);
      insertRevocations(tx, 'session', await listAppPasswordIds(tx, userId), nowMs);
    }
    insertAudit(tx, { outcome: 'standing-changed', address, userId, email: user.email }, nowMs);
    return next;
  });
  await context.revocations.poll();
  return changed;
}
