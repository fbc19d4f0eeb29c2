import type { DeviceId, SessionId, UserId } from '@driftbox/domain';
import { statement, type Transaction } from '@driftbox/postgres';

const insert = statement({
  name: 'auth.insert-session',
  text: `INSERT INTO sessions (tenant, session_id, user_id, device_id, created_at, last_used_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $5, $6)`,
});

export function insertSession(
  tx: Transaction,
  sessionId: SessionId,
  userId: UserId,
  deviceId: DeviceId,
  nowMs: number,
  expiresMs: number,
): void {
  tx.defer(insert, [tx.tenantId, sessionId, userId, deviceId, new Date(nowMs), new Date(expiresMs)]);
}
