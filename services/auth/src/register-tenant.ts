import { Problem, type TenantIntent } from '@driftbox/protocol';
import type { Context } from './context.ts';
import { newId } from './new-id.ts';
import { hashSecret, newSecret } from './secret.ts';
import { hasUsers } from './store/has-users.ts';
import { saveFirstInvitation } from './store/save-first-invitation.ts';
import { saveHosts } from './store/save-hosts.ts';
import { saveTenant } from './store/save-tenant.ts';

/**
 * Brings a tenant to its intent. While it has no user and the intent names a first administrator, answers the secret by
 * which the first owner signs up; each repetition replaces the secret before. Throws `already_exists` when a host is
 * another tenant's.
 */
export async function registerTenant(context: Context, intent: TenantIntent): Promise<{ invitation?: string }> {
  const nowMs = context.nowMs();
  return context.database.transaction(intent.tenantId, async (tx) => {
    await saveTenant(tx, intent, nowMs);
    const taken = await saveHosts(tx, intent.tenantId, intent.hosts);
    if (taken.length > 0) throw new Problem('already_exists', 'A host belongs to another tenant', { details: { hosts: taken } });
    if (intent.firstAdministrator === undefined || (await hasUsers(tx))) return {};
    const invitation = newSecret();
    const row = {
      invitationId: newId(nowMs),
      email: intent.firstAdministrator.email ?? null,
      role: 'owner' as const,
      first: true,
      createdMs: nowMs,
      expiresMs: nowMs + context.lifetimes.invitationMs,
    };
    await saveFirstInvitation(tx, row, hashSecret(invitation));
    return { invitation };
  });
}
