import type { TenantId } from '@driftbox/domain';
import { uniqueViolation } from '@driftbox/postgres';
import { Problem, type IssuerProof } from '@driftbox/protocol';
import type { Actor } from '@driftbox/service-kit';
import type { Context } from '../context.ts';
import type { IdentityRow } from '../store/identity-row.ts';
import { insertAudit } from '../store/insert-audit.ts';
import { listIdentities } from '../store/list-identities.ts';
import { lockUser } from '../store/lock-user.ts';
import { removeIdentity as removeRow } from '../store/remove-identity.ts';
import { keepIdentity } from './keep-identity.ts';
import { takeProof } from './issuer-proof.ts';

const mostOfUser = 10;

/**
 * Lets whom the code proves sign in as the user, who is signed in: that is their proof, so the addresses need not agree. Throws
 * `permission_denied`, `already_exists` when they sign in as somebody already, and `quota_exceeded`.
 */
export async function linkIdentity(
  context: Context,
  tenantId: TenantId,
  actor: Actor,
  proof: IssuerProof,
  address: string,
): Promise<IdentityRow> {
  try {
    return await context.database.transaction(tenantId, async (tx) => {
      const user = await lockUser(tx, actor.userId);
      if (user?.status !== 'active') throw new Problem('unauthenticated');
      if ((await listIdentities(tx, user.userId, undefined, mostOfUser)).length >= mostOfUser)
        throw new Problem('quota_exceeded', `A user signs in by ${mostOfUser} identities at most`, { details: { limit: 'identities' } });
      const row = await keepIdentity(context, tx, user.userId, await takeProof(context, tx, proof), address);
      return { ...row, lastUsedMs: null };
    });
  } catch (error) {
    if (uniqueViolation(error) === 'identities_pkey')
      throw new Problem('already_exists', 'They sign in as a user already', { cause: error });
    throw error;
  }
}

/** Ends that. Who has no password can still set one by mail. Throws `not_found`. */
export async function removeIdentity(
  context: Context,
  tenantId: TenantId,
  { userId }: Actor,
  identityId: string,
  address: string,
): Promise<void> {
  const removed = await context.database.transaction(tenantId, async (tx) => {
    const found = await removeRow(tx, userId, identityId);
    if (found) insertAudit(tx, { outcome: 'identity-removed', address, userId }, context.nowMs());
    return found;
  });
  if (!removed) throw new Problem('not_found', 'There is no such identity');
}
