import type { DeviceId, SessionId, UserId } from '@driftbox/domain';
import { statement, type Transaction } from '@driftbox/postgres';

const update = statement({
  name: 'auth.end-sessions',
  text: `UPDATE sessions SET ended_at = $6 WHERE tenant = $1 AND user_id = $2 AND ended_at IS NULL
           AND ($3::uuid IS NULL OR session_id = $3) AND ($4::uuid IS NULL OR device_id = $4) AND ($5::uuid IS NULL OR session_id <> $5)
         RETURNING session_id AS "sessionId"`,
});

/** Which of a user's sessions to end; left out means all. */
export type SessionChoice = { readonly sessionId?: SessionId; readonly deviceId?: DeviceId; readonly except?: SessionId };

/** Ends them; answers those that had not ended before. */
export async function endSessionRows(tx: Transaction, userId: UserId, choice: SessionChoice, nowMs: number): Promise<SessionId[]> {
  const values = [tx.tenantId, userId, choice.sessionId ?? null, choice.deviceId ?? null, choice.except ?? null, new Date(nowMs)];
  return (await tx.query<{ sessionId: SessionId }>(update, values)).rows.map((row) => row.sessionId);
}
