import type { SessionId } from '@driftbox/domain';
import { statement, type Transaction } from '@driftbox/postgres';

const insert = statement({
  name: 'auth.insert-refresh-token',
  text: `INSERT INTO refresh_tokens (tenant, token_hash, session_id, parent_hash, expires_at) VALUES ($1, $2, $3, $4, $5)`,
});

/** `parentHash` is the token it was exchanged for, if any. */
export function insertRefreshToken(
  tx: Transaction,
  tokenHash: Buffer,
  sessionId: SessionId,
  parentHash: Buffer | undefined,
  expiresMs: number,
): void {
  tx.defer(insert, [tx.tenantId, tokenHash, sessionId, parentHash ?? null, new Date(expiresMs)]);
}
