import { statement, type Transaction } from '@driftbox/postgres';

const update = statement({
  name: 'auth.use-refresh-token',
  text: `UPDATE refresh_tokens SET used_at = $4 WHERE tenant = $1 AND (token_hash = $2 OR parent_hash = $3) AND used_at IS NULL`,
});

/** Marks the token used, and with it all that stand beside it: of several answers to one exchange one can go on. */
export function useRefreshToken(tx: Transaction, tokenHash: Buffer, parentHash: Buffer | null, nowMs: number): void {
  tx.defer(update, [tx.tenantId, tokenHash, parentHash, new Date(nowMs)]);
}
