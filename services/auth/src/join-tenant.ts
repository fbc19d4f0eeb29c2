import { parseUserId, type TenantId } from '@driftbox/domain';
import type { Transaction } from '@driftbox/postgres';
import { Problem } from '@driftbox/protocol';
import { hashSecret, newId, ownId } from '@driftbox/service-kit';
import type { Context } from './context.ts';
import { userCreated } from './events.ts';
import { insertAudit } from './store/insert-audit.ts';
import { insertUser } from './store/insert-user.ts';
import type { InvitationRow } from './store/invitation-row.ts';
import { countUsers, lockSeats } from './store/lock-seats.ts';
import type { TenantRow } from './store/save-tenant.ts';
import { takeInvitation } from './store/take-invitation.ts';
import type { UserRow } from './store/user-row.ts';

/** Somebody who is to become a user. `emailVerified`: their address was proven by other means than the invitation. */
export type Newcomer = {
  readonly tenantId: TenantId;
  readonly email: string;
  readonly emailVerified: boolean;
  readonly displayName: string;
  readonly passwordHash: string | null;
  readonly address: string;
};

/** Whether somebody may join: an open tenant takes anybody, another needs an invitation, a closed one only its first owner's. */
export function mayJoin(tenant: Pick<TenantRow, 'signUp'>, invitation: Pick<InvitationRow, 'first'> | undefined): boolean {
  if (invitation?.first === true) return true;
  if (tenant.signUp === 'closed') return false;
  return tenant.signUp === 'open' || invitation !== undefined;
}

/** Uses up the invitation of this secret for this address. Throws `permission_denied` where there is none. */
export async function takeOffer(context: Context, tx: Transaction, secret: string, email: string): Promise<InvitationRow> {
  const invitation = await takeInvitation(tx, hashSecret(secret), email, context.nowMs());
  if (invitation === undefined) throw new Problem('permission_denied', 'The invitation is not valid for this address, or no longer');
  return invitation;
}

/** Throws `quota_exceeded` where the tenant has as many people as it may. Those who sign up at once take turns. */
async function requireSeat(tx: Transaction): Promise<void> {
  const limitUsers = await lockSeats(tx);
  if (limitUsers === undefined) return;
  const usedUsers = await countUsers(tx);
  if (usedUsers >= limitUsers)
    throw new Problem('quota_exceeded', 'The tenant has as many people as it may', { details: { limit: 'users', limitUsers, usedUsers } });
}

/**
 * Makes a user within `tx`. Throws `permission_denied` where the tenant does not take them, and `quota_exceeded` where it has as
 * many people as it may; violates `users_email` where the address has a user.
 */
export async function joinTenant(
  context: Context,
  tx: Transaction,
  tenant: TenantRow | undefined,
  invitation: InvitationRow | undefined,
  newcomer: Newcomer,
): Promise<UserRow> {
  if (tenant === undefined || !mayJoin(tenant, invitation))
    throw new Problem('permission_denied', 'An invitation is needed to sign up here');
  await requireSeat(tx);
  const nowMs = context.nowMs();
  const { tenantId, email, displayName, passwordHash, address } = newcomer;
  const user: UserRow = {
    tenantId,
    userId: ownId(parseUserId, newId(nowMs)),
    email,
    // The address is proven, too, when the secret had been mailed to it.
    emailVerified: newcomer.emailVerified || (invitation !== undefined && invitation.email !== null && !invitation.first),
    displayName,
    role: invitation?.role ?? 'member',
    status: 'active',
    passwordHash,
    createdAtMs: nowMs,
  };
  await insertUser(tx, user);
  userCreated(tx, user);
  insertAudit(tx, { outcome: 'signed-up', address, email, userId: user.userId }, nowMs);
  return user;
}
