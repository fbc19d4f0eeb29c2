import type { TenantId } from '@driftbox/domain';
import { Problem } from '@driftbox/protocol';
import type { Actor } from '@driftbox/service-kit';
import type { Context } from './context.ts';
import { deleteAppPasswords } from './store/delete-app-passwords.ts';
import { insertRevocations } from './store/insert-revocations.ts';

/** Removes an app password; tokens made of it end with it. Throws `not_found`. */
export async function removeAppPassword(context: Context, tenantId: TenantId, actor: Actor, appPasswordId: string): Promise<void> {
  await context.database.transaction(tenantId, async (tx) => {
    const removed = await deleteAppPasswords(tx, actor.userId, appPasswordId);
    if (removed.length === 0) throw new Problem('not_found', 'There is no such app password');
    insertRevocations(tx, 'session', removed, context.nowMs());
  });
  await context.revocations.poll();
}
