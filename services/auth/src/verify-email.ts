import type { TenantId } from '@driftbox/domain';
import { Problem } from '@driftbox/protocol';
import { hashSecret } from '@driftbox/service-kit';
import type { Context } from './context.ts';
import { userUpdated } from './events.ts';
import { markEmailVerified } from './store/mark-email-verified.ts';
import { takeMailedSecret } from './store/take-mailed-secret.ts';

/** Proves a user's address with the mailed secret, which works once. Throws `permission_denied` for any other. */
export async function verifyEmail(context: Context, tenantId: TenantId, secret: string): Promise<void> {
  await context.database.transaction(tenantId, async (tx) => {
    const userId = await takeMailedSecret(tx, 'verify-email', hashSecret(secret), context.nowMs());
    const user = userId === undefined ? undefined : await markEmailVerified(tx, userId);
    if (user === undefined) throw new Problem('permission_denied', 'The link is not valid, or no longer');
    userUpdated(tx, user);
  });
}
