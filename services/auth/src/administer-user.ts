import type { TenantId, UserId } from '@driftbox/domain';
import type { Transaction } from '@driftbox/postgres';
import { Problem } from '@driftbox/protocol';
import type { Actor } from '@driftbox/service-kit';
import type { Context } from './context.ts';
import { requireAdministrator } from './invite-user.ts';
import { findUser } from './store/find-user.ts';
import { insertAudit } from './store/insert-audit.ts';
import { mayChange } from './update-user.ts';

/** Somebody of the tenant as another person of it asks about them. */
export type Administered = { readonly tenantId: TenantId; readonly actor: Actor; readonly userId: UserId; readonly signal?: AbortSignal };

/** Looks something up about somebody. Throws `permission_denied` to who does not administer the tenant's people, `not_found`. */
export function readUser<T>(context: Context, asked: Administered, read: (tx: Transaction) => Promise<T>): Promise<T> {
  const { tenantId, actor, userId, signal } = asked;
  requireAdministrator(actor.role);
  return context.database.transaction(
    tenantId,
    async (tx) => {
      if ((await findUser(tx, userId)) === undefined) throw new Problem('not_found', 'There is no such person');
      return read(tx);
    },
    { readOnly: true, signal },
  );
}

/**
 * Ends something that somebody is signed in by, and notes who asked from where. Nobody reaches above themselves. Throws
 * `permission_denied`, `not_found`, and what `end` throws.
 */
export async function signUserOut(
  context: Context,
  { tenantId, actor, userId, address }: Administered & { readonly address: string },
  end: (tx: Transaction) => Promise<void>,
): Promise<void> {
  await context.database.transaction(tenantId, async (tx) => {
    // The role in the database, not the token's: it may have been taken away since.
    const [by, user] = [await findUser(tx, actor.userId), await findUser(tx, userId)];
    if (by?.status !== 'active') throw new Problem('permission_denied', 'Only administrators of the tenant may do this');
    requireAdministrator(by.role);
    if (user === undefined) throw new Problem('not_found', 'There is no such person');
    if (!mayChange(by.role, user.role, user.role)) throw new Problem('permission_denied', 'You may not sign out somebody of this role');
    await end(tx);
    insertAudit(tx, { outcome: 'signed-out', address, userId, email: user.email }, context.nowMs());
  });
  await context.revocations.poll();
}
