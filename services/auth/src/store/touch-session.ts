import type { DeviceId, SessionId } from '@driftbox/domain';
import { statement, type Transaction } from '@driftbox/postgres';

const update = statement({
  name: 'auth.touch-session',
  text: `WITH seen AS (UPDATE devices SET last_seen_at = $4 WHERE tenant = $1 AND device_id = $3)
         UPDATE sessions SET last_used_at = $4, expires_at = $5 WHERE tenant = $1 AND session_id = $2`,
});

export function touchSession(tx: Transaction, sessionId: SessionId, deviceId: DeviceId, nowMs: number, expiresMs: number): void {
  tx.defer(update, [tx.tenantId, sessionId, deviceId, new Date(nowMs), new Date(expiresMs)]);
}
