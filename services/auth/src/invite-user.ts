import type { TenantId, TenantRole } from '@driftbox/domain';
import { Problem } from '@driftbox/protocol';
import { type Actor, hashSecret, newId, newSecret } from '@driftbox/service-kit';
import type { Context } from './context.ts';
import { invitationMail } from './mail/texts.ts';
import { findTenant } from './store/find-tenant.ts';
import { findUser } from './store/find-user.ts';
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

/** Mails an invitation; a repeat renews it. Throws `permission_denied`, or `already_exists` when the address has a user. */
export async function inviteUser(
  context: Context,
  tenantId: TenantId,
  actor: Actor,
  email: string,
  role: TenantRole,
): Promise<InvitationRow> {
  const secret = newSecret();
  return context.database.transaction(tenantId, async (tx) => {
    const [inviter, tenant, existing] = await Promise.all([
      findUser(tx, actor.userId),
      findTenant(tx, tenantId),
      findUserByEmail(tx, email),
    ]);
    // The role in the database, not the token's: it may have been taken away since.
    if (inviter?.status !== 'active' || !mayInvite(inviter.role, role))
      throw new Problem('permission_denied', 'You may not invite with this role');
    if (tenant === undefined || tenant.signUp === 'closed') throw new Problem('permission_denied', 'This tenant takes no new users');
    if (existing !== undefined) throw new Problem('already_exists', 'This address has a user already');
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
    tx.afterCommit(() =>
      context.mails.send(invitationMail(email, tenant.name, inviter.displayName, secret, context.publicUrl?.(tenantId))),
    );
    return saved;
  });
}
