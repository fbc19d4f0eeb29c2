import type { TenantId } from '@driftbox/domain';
import { Problem } from '@driftbox/protocol';
import { type Actor, hashSecret, newId, newSecret } from '@driftbox/service-kit';
import type { Context } from './context.ts';
import { insertAppPassword, type NewAppPassword } from './store/insert-app-password.ts';

const maxAppPasswords = 100;

/** Makes an app password and answers it with its secret, which is stored nowhere. Throws `too_large` at a user's hundredth. */
export async function createAppPassword(
  context: Context,
  tenantId: TenantId,
  actor: Actor,
  name: string,
  scope: 'read' | 'write',
): Promise<NewAppPassword & { secret: string }> {
  const secret = newSecret();
  const nowMs = context.nowMs();
  const row = { appPasswordId: newId(nowMs), userId: actor.userId, name, scope, secretHash: hashSecret(secret), createdMs: nowMs };
  await context.database.transaction(tenantId, async (tx) => {
    if (!(await insertAppPassword(tx, row, maxAppPasswords)))
      throw new Problem('too_large', `A user may have ${maxAppPasswords} app passwords`);
  });
  return { ...row, secret };
}
