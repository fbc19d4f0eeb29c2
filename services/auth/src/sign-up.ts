import { parseUserId, type TenantId } from '@driftbox/domain';
import { uniqueViolation, type Transaction } from '@driftbox/postgres';
import { Problem, type SignedIn } from '@driftbox/protocol';
import { hashPassword, hashSecret, newId, newSecret, ownId } from '@driftbox/service-kit';
import type { Context } from './context.ts';
import { userCreated } from './events.ts';
import { verifyEmailMail } from './mail/texts.ts';
import { startSession, type Introduction } from './start-session.ts';
import { findTenant } from './store/find-tenant.ts';
import { countUsers, lockSeats } from './store/lock-seats.ts';
import type { InvitationRow } from './store/invitation-row.ts';
import { insertAudit } from './store/insert-audit.ts';
import { insertUser } from './store/insert-user.ts';
import { saveMailedSecret } from './store/save-mailed-secret.ts';
import type { TenantRow } from './store/save-tenant.ts';
import { takeInvitation } from './store/take-invitation.ts';
import type { UserRow } from './store/user-row.ts';

type SignUp = {
  readonly tenantId: TenantId;
  readonly email: string;
  readonly password: string;
  readonly displayName: string;
  readonly device: Introduction;
  readonly invitation?: string | undefined;
  readonly address: string;
};

/** Whether somebody may join: an open tenant takes anybody, another needs an invitation, a closed one only its first owner's. */
export function mayJoin(tenant: Pick<TenantRow, 'signUp'>, invitation: Pick<InvitationRow, 'first'> | undefined): boolean {
  if (invitation?.first === true) return true;
  if (tenant.signUp === 'closed') return false;
  return tenant.signUp === 'open' || invitation !== undefined;
}

async function takeOffer(context: Context, tx: Transaction, ask: SignUp): Promise<InvitationRow | undefined> {
  if (ask.invitation === undefined) return undefined;
  const invitation = await takeInvitation(tx, hashSecret(ask.invitation), ask.email, context.nowMs());
  if (invitation === undefined) throw new Problem('permission_denied', 'The invitation is not valid for this address, or no longer');
  return invitation;
}

/** The address is proven when the secret had been mailed to it. */
function newUser(context: Context, ask: SignUp, invitation: InvitationRow | undefined, passwordHash: string): UserRow {
  const nowMs = context.nowMs();
  return {
    tenantId: ask.tenantId,
    userId: ownId(parseUserId, newId(nowMs)),
    email: ask.email,
    emailVerified: invitation !== undefined && invitation.email !== null && !invitation.first,
    displayName: ask.displayName,
    role: invitation?.role ?? 'member',
    status: 'active',
    passwordHash,
    createdAtMs: nowMs,
  };
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
 * Makes a user and signs them in, in one transaction. Throws `permission_denied` where the tenant does not take them,
 * `quota_exceeded` where it has as many people as it may, `already_exists` where the address has a user, and
 * `tenant_suspended`. An invitation is used up only together with that.
 */
export async function signUp(context: Context, ask: SignUp): Promise<SignedIn> {
  const passwordHash = await hashPassword(ask.password, context.passwordCost);
  const secret = newSecret();
  try {
    return await context.database.transaction(ask.tenantId, async (tx) => {
      const tenant = await findTenant(tx, ask.tenantId);
      if (tenant?.suspended === true) throw new Problem('tenant_suspended');
      const invitation = await takeOffer(context, tx, ask);
      if (tenant === undefined || !mayJoin(tenant, invitation))
        throw new Problem('permission_denied', 'An invitation is needed to sign up here');
      await requireSeat(tx);
      const user = newUser(context, ask, invitation, passwordHash);
      await insertUser(tx, user);
      userCreated(tx, user);
      insertAudit(tx, { outcome: 'signed-up', address: ask.address, email: ask.email, userId: user.userId }, context.nowMs());
      if (!user.emailVerified) {
        saveMailedSecret(tx, user.userId, 'verify-email', hashSecret(secret), context.nowMs() + context.lifetimes.verifyEmailMs);
        tx.afterCommit(() => context.mails.send(verifyEmailMail(ask.email, tenant.name, secret, context.publicUrl?.(ask.tenantId))));
      }
      return startSession(context, tx, user, ask.device);
    });
  } catch (error) {
    if (uniqueViolation(error) === 'users_email') throw new Problem('already_exists', 'This address has a user already', { cause: error });
    throw error;
  }
}
