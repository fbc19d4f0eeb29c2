import type { SessionId, TenantId } from '@driftbox/domain';
import type { Actor } from '@driftbox/service-kit';
import type { Context } from './context.ts';
import { endSessions } from './end-sessions.ts';

/** Signs one session of the user out; answers false when there was none. */
export async function endSession(context: Context, tenantId: TenantId, actor: Actor, sessionId: SessionId): Promise<boolean> {
  const ended = await context.database.transaction(tenantId, (tx) =>
    endSessions(tx, actor.userId, { sessionId }, 'signed-out', context.nowMs()),
  );
  await context.revocations.poll();
  return ended > 0;
}
