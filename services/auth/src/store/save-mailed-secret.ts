import type { UserId } from '@driftbox/domain';
import { statement, type Transaction } from '@driftbox/postgres';

export type SecretPurpose = 'verify-email' | 'reset-password';

const upsert = statement({
  name: 'auth.save-mailed-secret',
  text: `INSERT INTO mailed_secrets (tenant, user_id, purpose, secret_hash, expires_at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (tenant, user_id, purpose) DO UPDATE SET secret_hash = excluded.secret_hash, expires_at = excluded.expires_at`,
});

/** The newest one holds; an earlier one of the same purpose ends. */
export function saveMailedSecret(tx: Transaction, userId: UserId, purpose: SecretPurpose, secretHash: Buffer, expiresMs: number): void {
  tx.defer(upsert, [tx.tenantId, userId, purpose, secretHash, new Date(expiresMs)]);
}
