import type { SessionId } from '@driftbox/domain';
import { statement, type Transaction } from '@driftbox/postgres';

const update = statement({
  name: 'auth.end-all-sessions',
  text: 'UPDATE sessions SET ended_at = $2 WHERE tenant = $1 AND ended_at IS NULL RETURNING session_id AS "sessionId"',
});

/** Ends every session of the tenant; answers those that had not ended before. */
export async function endAllSessions(tx: Transaction, nowMs: number): Promise<SessionId[]> {
  return (await tx.query<{ sessionId: SessionId }>(update, [tx.tenantId, new Date(nowMs)])).rows.map((row) => row.sessionId);
}
