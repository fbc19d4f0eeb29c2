import { parseSessionId, type TenantId } from '@driftbox/domain';
import { Problem } from '@driftbox/protocol';
import { hashSecret, ownId } from '@driftbox/service-kit';
import type { Context } from './context.ts';
import { issueAccessToken } from './issue-tokens.ts';
import { findTenant } from './store/find-tenant.ts';
import { insertAudit } from './store/insert-audit.ts';
import { useAppPassword } from './store/use-app-password.ts';

/**
 * Exchanges an app password for an access token of its scope, whose session is the app password itself. Throws
 * `unauthenticated`, or `tenant_suspended`. Guesses need no counting: the secret has 256 random bits.
 */
export async function exchangeAppPassword(
  context: Context,
  ask: { tenantId: TenantId; email: string; password: string; address: string },
): Promise<{ accessToken: string; expiresMs: number }> {
  const { tenantId, email, address } = ask;
  const used = await context.database.transaction(tenantId, async (tx) => {
    const tenant = await findTenant(tx, tenantId);
    if (tenant?.suspended === true) throw new Problem('tenant_suspended');
    const found =
      tenant === undefined ? undefined : await useAppPassword(tx, hashSecret(ask.password), email.toLowerCase(), context.nowMs());
    if (found === undefined) insertAudit(tx, { outcome: 'refused', address, email }, context.nowMs());
    return found;
  });
  if (used === undefined) throw new Problem('unauthenticated', 'The app password is not valid');
  return issueAccessToken(context, used, { sessionId: ownId(parseSessionId, used.appPasswordId), deviceId: undefined }, used.scope);
}
