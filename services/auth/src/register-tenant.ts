import { Problem, type TenantIntent } from '@driftbox/protocol';
import { forgetEndedRestore, isRestoring, type Transaction } from '@driftbox/postgres';
import { hashSecret, newId, newSecret } from '@driftbox/service-kit';
import type { Context } from './context.ts';
import { putManagedIssuers } from './issuer/put-issuer.ts';
import { hasUsers } from './store/has-users.ts';
import { readIntent } from './store/read-intent.ts';
import { saveFirstInvitation } from './store/save-first-invitation.ts';
import { saveHosts } from './store/save-hosts.ts';
import { saveTenant } from './store/save-tenant.ts';

/**
 * Brings a tenant to its intent. While it has no user and the intent names a first administrator, the intent's secret invites
 * the first owner; where it has none one is made and answered, and each repetition replaces the one before. Throws
 * `already_exists` when a host is another tenant's, `generation_superseded` for an intent older than the one kept, and
 * `tenant_erased`, and `locked` where it is to be let in while half restored. A suspension holds in this process once this resolves.
 */
export async function registerTenant(context: Context, intent: TenantIntent): Promise<{ invitation?: string }> {
  const nowMs = context.nowMs();
  const answer = await context.database.transaction(intent.tenantId, async (tx) => {
    if (!(await saveTenant(tx, intent, nowMs))) {
      const generation = (await readIntent(tx))?.generation;
      throw new Problem('generation_superseded', undefined, { details: { generation } });
    }
    if (!intent.suspended && (await isRestoring(tx)))
      throw new Problem('locked', 'A restore of this tenant has begun and not ended', { details: { reason: 'restore' } });
    if (!intent.suspended) await forgetEndedRestore(tx);
    const taken = await saveHosts(tx, intent.tenantId, intent.hosts);
    if (taken.length > 0) throw new Problem('already_exists', 'A host belongs to another tenant', { details: { hosts: taken } });
    await putManagedIssuers(context, tx, intent);
    return inviteFirst(context, tx, intent, nowMs);
  });
  await context.revocations.poll();
  return answer;
}

async function inviteFirst(
  context: Context,
  tx: Transaction,
  { firstAdministrator }: TenantIntent,
  nowMs: number,
): Promise<{ invitation?: string }> {
  if (firstAdministrator === undefined || (await hasUsers(tx))) return {};
  const { email = null, invitation = newSecret() } = firstAdministrator;
  const row = {
    invitationId: newId(nowMs),
    email,
    role: 'owner' as const,
    first: true,
    createdMs: nowMs,
    expiresMs: nowMs + context.lifetimes.invitationMs,
  };
  await saveFirstInvitation(tx, row, hashSecret(invitation));
  return firstAdministrator.invitation === undefined ? { invitation } : {};
}
