import type { DeviceId, SessionId, UserId } from '@driftbox/domain';
import { statement, type Transaction } from '@driftbox/postgres';

export type SessionRow = {
  readonly sessionId: SessionId;
  readonly deviceId: DeviceId;
  readonly deviceName: string;
  readonly createdMs: number;
  readonly lastUsedMs: number;
  readonly expiresMs: number;
};

const select = statement({
  name: 'auth.list-sessions',
  text: `SELECT session_id AS "sessionId", device_id AS "deviceId", devices.name AS "deviceName", sessions.created_at AS "createdMs",
           last_used_at AS "lastUsedMs", expires_at AS "expiresMs"
         FROM sessions JOIN devices USING (tenant, device_id)
         WHERE tenant = $1 AND sessions.user_id = $2 AND ended_at IS NULL AND expires_at > $3 AND ($4::uuid IS NULL OR session_id > $4)
         ORDER BY session_id LIMIT $5`,
});

/** Sessions that have not ended, oldest first. */
export async function listSessions(
  tx: Transaction,
  userId: UserId,
  nowMs: number,
  after: string | undefined,
  limit: number,
): Promise<SessionRow[]> {
  return (await tx.query<SessionRow>(select, [tx.tenantId, userId, new Date(nowMs), after ?? null, limit])).rows;
}
