import type { TenantId, TenantRole } from '@driftbox/domain';
import type { Transaction } from '@driftbox/postgres';
import { Problem } from '@driftbox/protocol';
import { type Actor, hashSecret, newId, newSecret } from '@driftbox/service-kit';
import type { Context } from './context.ts';
import { invitationMail } from './mail/texts.ts';
import { findTenant } from './store/find-tenant.ts';
import { findUser } from './store/find-user.ts';
import { findInvitationOf } from './store/find-invitation-of.ts';
import { findUserByEmail } from './store/find-user-by-email.ts';
import type { InvitationRow } from './store/invitation-row.ts';
import { saveInvitation } from './store/save-invitation.ts';

const invites: Readonly<Record<TenantRole, readonly TenantRole[]>> = {
  owner: ['owner', 'admin', 'member', 'guest'],
  admin: ['admin', 'member', 'guest'],
  member: [],
  guest: [],
};

/** Whether somebody of `role` may offer `offered`: nobody raises others above themselves. */
export function mayInvite(role: TenantRole, offered: TenantRole): boolean {
  return invites[role].includes(offered);
}

/** Throws `permission_denied` for who may not administer the tenant's people. */
export function requireAdministrator(role: TenantRole): void {
  if (!mayInvite(role, 'member')) throw new Problem('permission_denied', 'Only administrators of the tenant may do this');
}

/** An invitation that is being made: to what and to whom, as what, and in whose name. */
type Offer = {
  readonly tenantId: TenantId;
  readonly tenantName: string;
  readonly inviterName: string;
  readonly email: string;
  readonly role: TenantRole;
};

/** Mails an invitation; a repeat renews it. Throws `permission_denied`, or `already_exists` when the address has a user. */
export async function inviteUser(
  context: Context,
  tenantId: TenantId,
  actor: Actor,
  email: string,
  role: TenantRole,
): Promise<InvitationRow> {
  return context.database.transaction(tenantId, async (tx) => {
    const { inviter, tenant, existing } = await peopleOf(tx, tenantId, actor, email);
    // The role in the database, not the token's: it may have been taken away since.
    if (inviter?.status !== 'active' || !mayInvite(inviter.role, role))
      throw new Problem('permission_denied', 'You may not invite with this role');
    if (tenant === undefined || tenant.signUp === 'closed') throw new Problem('permission_denied', 'This tenant takes no new users');
    if (existing !== undefined) throw new Problem('already_exists', 'This address has a user already');
    return makeInvitation(context, tx, { tenantId, tenantName: tenant.name, inviterName: inviter.displayName, email, role });
  });
}

/**
 * How whoever has an address that is offered something in the tenant comes in: where anybody signs up, by that; else by the
 * invitation that is open, or that is made now, to a guest's place, when the actor may invite. Throws `permission_denied` where
 * the address cannot come in: the offer would be one that nobody can take.
 */
export async function admitNewcomer(context: Context, tenantId: TenantId, actor: Actor, email: string): Promise<'open' | 'invited'> {
  return context.database.transaction(tenantId, async (tx) => {
    const { inviter, tenant, existing } = await peopleOf(tx, tenantId, actor, email);
    if (inviter?.status !== 'active') throw new Problem('permission_denied', 'You may not invite');
    if (existing?.status === 'suspended') throw new Problem('permission_denied', 'Whoever has this address is suspended');
    // The others hear of a newcomer a moment after they came.
    if (existing !== undefined || tenant?.signUp === 'open') return 'open';
    if (tenant === undefined || tenant.signUp === 'closed') throw new Problem('permission_denied', 'This tenant takes no new users');
    if ((await findInvitationOf(tx, email, context.nowMs())) !== undefined) return 'invited';
    if (!mayInvite(inviter.role, 'guest'))
      throw new Problem(
        'permission_denied',
        'Only people who are invited join this tenant: ask an administrator to invite the address first',
      );
    await makeInvitation(context, tx, { tenantId, tenantName: tenant.name, inviterName: inviter.displayName, email, role: 'guest' });
    return 'invited';
  });
}

async function peopleOf(tx: Transaction, tenantId: TenantId, actor: Actor, email: string) {
  const [inviter, tenant, existing] = await Promise.all([findUser(tx, actor.userId), findTenant(tx, tenantId), findUserByEmail(tx, email)]);
  return { inviter, tenant, existing };
}

async function makeInvitation(
  context: Context,
  tx: Transaction,
  { tenantId, tenantName, inviterName, email, role }: Offer,
): Promise<InvitationRow> {
  const secret = newSecret();
  const nowMs = context.nowMs();
  const row = {
    invitationId: newId(nowMs),
    email,
    role,
    first: false,
    createdMs: nowMs,
    expiresMs: nowMs + context.lifetimes.invitationMs,
  };
  const saved = await saveInvitation(tx, row, hashSecret(secret));
  tx.afterCommit(() => context.mails.send(invitationMail(email, tenantName, inviterName, secret, context.publicUrl?.(tenantId))));
  return saved;
}
