import type { TenantId } from '@driftbox/domain';
import { hashSecret, newSecret } from '@driftbox/service-kit';
import type { Context } from './context.ts';
import { countAttempt } from './count-attempt.ts';
import { resetPasswordMail } from './mail/texts.ts';
import { findTenant } from './store/find-tenant.ts';
import { findUserByEmail } from './store/find-user-by-email.ts';
import { insertAudit } from './store/insert-audit.ts';
import { saveMailedSecret } from './store/save-mailed-secret.ts';

/** Mails a secret to reset the password, if the address has an active user. Takes the same time and answers alike if not. */
export async function forgetPassword(context: Context, tenantId: TenantId, email: string, address: string): Promise<void> {
  // Under another name than sign-ins: asking for mails must not use up somebody's attempts to sign in.
  await countAttempt(context, tenantId, `forgot ${email}`, address, undefined);
  const secret = newSecret();
  await context.database.transaction(tenantId, async (tx) => {
    const [user, tenant] = await Promise.all([findUserByEmail(tx, email), findTenant(tx, tenantId)]);
    // Written in either case, so that both commits wait for the disk.
    insertAudit(tx, { outcome: 'reset-asked', address, email }, context.nowMs());
    if (user?.status !== 'active' || tenant === undefined) return;
    saveMailedSecret(tx, user.userId, 'reset-password', hashSecret(secret), context.nowMs() + context.lifetimes.resetPasswordMs);
    tx.afterCommit(() => context.mails.send(resetPasswordMail(email, tenant.name, secret, context.publicUrl?.(tenantId))));
  });
}
