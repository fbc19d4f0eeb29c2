import { Problem } from '@driftbox/protocol';
import { verifyPassword } from '@driftbox/service-kit';
import type { Context } from './context.ts';
import { countAttempt } from './count-attempt.ts';
import { findLink, noLink, type Visit } from './enter-link.ts';
import { makePass } from './link-pass.ts';
import { linkState } from './link-state.ts';
import { termsOf } from './present-link.ts';

/** A pass for who knows a link's password. Throws `not_found`, `unauthenticated` and, after too many wrong ones, `rate_limited`. */
export async function unlockShared(context: Context, visit: Visit, password: string): Promise<{ pass: string; expiresAt: string }> {
  const link = await findLink(context, visit);
  const { passwordHash, linkId } = link;
  if (passwordHash === null || linkState(termsOf(link), context.nowMs()) === 'expired') throw noLink();
  const forgive = await countAttempt(context, visit.tenantId, linkId, visit.address);
  if (!(await verifyPassword(password, passwordHash))) {
    context.metrics.refused.inc({ reason: 'password' });
    throw new Problem('unauthenticated', 'The password of this link is another one');
  }
  await forgive();
  const { pass, untilMs } = makePass(passwordHash, linkId, context.nowMs());
  return { pass, expiresAt: new Date(untilMs).toISOString() };
}
