import type { SessionId, TenantId, UserId } from '@driftbox/domain';
import type { Transaction } from '@driftbox/postgres';
import { Problem } from '@driftbox/protocol';
import type { Actor } from '@driftbox/service-kit';
import type { Context } from './context.ts';
import { endSessions } from './end-sessions.ts';

/** Signs one session of the user out. Throws `not_found`. */
export async function endSession(context: Context, tenantId: TenantId, actor: Actor, sessionId: SessionId): Promise<void> {
  await context.database.transaction(tenantId, (tx) => endSessionOf(tx, actor.userId, sessionId, context.nowMs()));
  await context.revocations.poll();
}

/** The same within `tx`. */
export async function endSessionOf(tx: Transaction, userId: UserId, sessionId: SessionId, nowMs: number): Promise<void> {
  const ended = await endSessions(tx, userId, { sessionId }, 'signed-out', nowMs);
  if (ended === 0) throw new Problem('not_found', 'There is no such session');
}
