import type { UserId } from '@driftbox/domain';
import type { Transaction } from '@driftbox/postgres';
import { sessionEnded } from './events.ts';
import { endSessionRows, type SessionChoice } from './store/end-sessions.ts';
import { insertRevocations } from './store/insert-revocations.ts';

/** Ends the chosen sessions within `tx`: no refresh any longer, and no access token once the services have polled. Answers how many. */
export async function endSessions(tx: Transaction, userId: UserId, choice: SessionChoice, reason: string, nowMs: number): Promise<number> {
  const ended = await endSessionRows(tx, userId, choice, nowMs);
  insertRevocations(tx, 'session', ended, nowMs);
  for (const sessionId of ended) sessionEnded(tx, userId, sessionId, reason);
  return ended.length;
}
