import type { DeviceId, SessionId, UserId } from '@driftbox/domain';
import { statement, type Transaction } from '@driftbox/postgres';

/** A refresh token with its session. */
export type TokenRow = {
  readonly sessionId: SessionId;
  readonly userId: UserId;
  readonly deviceId: DeviceId;
  readonly parentHash: Buffer | null;
  readonly expiresMs: number;
  readonly usedMs: number | null;
  readonly endedMs: number | null;
  /** Whether it was exchanged for another one itself; else it was used up when a token beside it was used. */
  readonly exchanged: boolean;
  /** Whether a token that this one was exchanged for has been used in its turn. */
  readonly successorUsed: boolean;
};

const lock = statement({
  name: 'auth.lock-session-of-token',
  text: `SELECT 1 FROM sessions WHERE tenant = $1
         AND session_id = (SELECT session_id FROM refresh_tokens WHERE tenant = $1 AND token_hash = $2) FOR UPDATE`,
});

const select = statement({
  name: 'auth.read-refresh-token',
  text: `SELECT token.session_id AS "sessionId", sessions.user_id AS "userId", sessions.device_id AS "deviceId",
           token.parent_hash AS "parentHash",
           token.expires_at AS "expiresMs", token.used_at AS "usedMs", sessions.ended_at AS "endedMs",
           EXISTS (SELECT 1 FROM refresh_tokens AS next WHERE next.tenant = $1 AND next.parent_hash = $2) AS exchanged,
           EXISTS (SELECT 1 FROM refresh_tokens AS next
             WHERE next.tenant = $1 AND next.parent_hash = $2 AND next.used_at IS NOT NULL) AS "successorUsed"
         FROM refresh_tokens AS token JOIN sessions USING (tenant, session_id) WHERE tenant = $1 AND token_hash = $2`,
});

/**
 * The token, with its session's row held until the transaction ends: of exchanges at once, each sees the one before. A
 * second statement reads, because the first one's snapshot is older than its lock.
 */
export async function lockRefreshToken(tx: Transaction, tokenHash: Buffer): Promise<TokenRow | undefined> {
  const [, { rows }] = await Promise.all([tx.query(lock, [tx.tenantId, tokenHash]), tx.query<TokenRow>(select, [tx.tenantId, tokenHash])]);
  return rows[0];
}
