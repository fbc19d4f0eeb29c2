import type { TenantId } from '@driftbox/domain';
import { uniqueViolation } from '@driftbox/postgres';
import { Problem, type SignedIn } from '@driftbox/protocol';
import { hashPassword, hashSecret, newSecret } from '@driftbox/service-kit';
import type { Context } from './context.ts';
import { joinTenant, takeOffer } from './join-tenant.ts';
import { verifyEmailMail } from './mail/texts.ts';
import { startSession, type Introduction } from './start-session.ts';
import { findTenant } from './store/find-tenant.ts';
import { saveMailedSecret } from './store/save-mailed-secret.ts';

type SignUp = {
  readonly tenantId: TenantId;
  readonly email: string;
  readonly password: string;
  readonly displayName: string;
  readonly device: Introduction;
  readonly invitation?: string | undefined;
  readonly address: string;
};

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
      const invitation = ask.invitation === undefined ? undefined : await takeOffer(context, tx, ask.invitation, ask.email);
      const user = await joinTenant(context, tx, tenant, invitation, { ...ask, emailVerified: false, passwordHash });
      if (!user.emailVerified && tenant !== undefined) {
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
