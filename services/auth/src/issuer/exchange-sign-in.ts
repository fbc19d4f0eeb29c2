import type { TenantId, UserId } from '@driftbox/domain';
import { uniqueViolation, type Transaction } from '@driftbox/postgres';
import { Problem, type IssuerProof, type SignedIn } from '@driftbox/protocol';
import { verifyPassword } from '@driftbox/service-kit';
import type { Context } from '../context.ts';
import { countAttempt } from '../count-attempt.ts';
import { joinTenant, takeOffer } from '../join-tenant.ts';
import { startSession, type Introduction } from '../start-session.ts';
import { findTenant } from '../store/find-tenant.ts';
import { findUserByEmail } from '../store/find-user-by-email.ts';
import { findUserByIdentity } from '../store/find-user-by-identity.ts';
import { insertAudit } from '../store/insert-audit.ts';
import { lockUser } from '../store/lock-user.ts';
import type { TenantRow } from '../store/save-tenant.ts';
import { takeInvitationOf } from '../store/take-invitation-of.ts';
import { touchIdentity } from '../store/touch-identity.ts';
import type { ProvenPerson } from '../store/use-issuer-proof.ts';
import type { UserRow } from '../store/user-row.ts';
import { seeProof, takeProof } from './issuer-proof.ts';
import { keepIdentity } from './keep-identity.ts';

type Exchange = IssuerProof & {
  readonly tenantId: TenantId;
  readonly device: Introduction;
  readonly password?: string | undefined;
  readonly invitation?: string | undefined;
  readonly address: string;
};
/** Whose password was found to be right, and which it was. */
type Checked = { readonly userId: UserId; readonly passwordHash: string | null };

/** Looks at the password, if there is one, before anything is locked; counted and refused like a sign-in with it. */
async function checkPassword(context: Context, ask: Exchange): Promise<Checked | undefined> {
  const { tenantId, password, address } = ask;
  if (password === undefined) return undefined;
  const look = async (tx: Transaction): Promise<UserRow | undefined> => {
    const { email } = await seeProof(context, tx, ask);
    return email === null ? undefined : findUserByEmail(tx, email);
  };
  const user = await context.database.transaction(tenantId, look, { readOnly: true });
  if (user === undefined) return undefined;
  const forgive = await countAttempt(context, tenantId, user.email, address, undefined);
  if (!(await verifyPassword(password, user.passwordHash ?? context.dummyHash)))
    throw new Problem('unauthenticated', 'The password of the account that has this address is wrong');
  await forgive();
  return user;
}

/**
 * Who somebody becomes whom the issuer confirmed for the first time. An account that has the address is theirs only if they prove
 * it: an issuer's word for an address is not enough to be handed what somebody else may have put there.
 */
async function settle(
  context: Context,
  tx: Transaction,
  ask: Exchange,
  { person, tenant, checked }: { person: ProvenPerson; tenant: TenantRow | undefined; checked: Checked | undefined },
): Promise<UserRow> {
  const { email, emailVerified, displayName } = person;
  if (email === null || !emailVerified) throw new Problem('permission_denied', 'The issuer has not verified your e-mail address');
  const known = await findUserByEmail(tx, email);
  if (known !== undefined && checked === undefined) throw new Problem('proof_required');
  // The password may have been changed since it was looked at.
  if (known !== undefined && (checked?.userId !== known.userId || checked.passwordHash !== known.passwordHash))
    throw new Problem('unauthenticated', 'The password of the account that has this address is wrong');
  if (known !== undefined) return known;
  const offer = ask.invitation === undefined ? takeInvitationOf(tx, email, context.nowMs()) : takeOffer(context, tx, ask.invitation, email);
  const newcomer = { ...ask, email, emailVerified, displayName: displayName ?? email.replace(/@.*/, ''), passwordHash: null };
  return joinTenant(context, tx, tenant, await offer, newcomer);
}

/**
 * Signs in whom an issuer has confirmed: the user who signs in as them, a new one where the tenant takes them, or, after its
 * password, the one who has their address. Throws `permission_denied` for a code that is not valid, an address that is not
 * verified or a tenant that does not take them; `proof_required`, `unauthenticated`, `rate_limited`, `quota_exceeded`,
 * `already_exists` and `tenant_suspended`. Except after success the code stays good, for another attempt.
 */
export async function exchangeSignIn(context: Context, ask: Exchange): Promise<SignedIn> {
  const checked = await checkPassword(context, ask);
  const { tenantId, address } = ask;
  try {
    const signedIn = await context.database.transaction(tenantId, async (tx) => {
      const tenant = await findTenant(tx, tenantId);
      if (tenant?.suspended === true) throw new Problem('tenant_suspended');
      const person = await takeProof(context, tx, ask);
      const linked = await findUserByIdentity(tx, person.issuer, person.subject);
      const { userId } = linked ?? (await settle(context, tx, ask, { person, tenant, checked }));
      const user = await lockUser(tx, userId);
      if (user?.status !== 'active') throw new Problem('unauthenticated', 'This user may not sign in');
      if (linked === undefined) await keepIdentity(context, tx, userId, person, address);
      touchIdentity(tx, person.issuer, person.subject, person.email, context.nowMs());
      const answer = await startSession(context, tx, user, ask.device);
      insertAudit(tx, { outcome: 'signed-in', address, email: user.email, userId, deviceId: answer.deviceId }, context.nowMs());
      return answer;
    });
    context.metrics.issuerSignIns.inc({ outcome: 'signed-in' });
    return signedIn;
  } catch (error) {
    const taken = uniqueViolation(error);
    if (taken === 'users_email' || taken === 'identities_pkey')
      throw new Problem('already_exists', 'They became a user at this very moment: try again', { cause: error });
    throw error;
  }
}
