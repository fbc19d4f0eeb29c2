import { statement, type Transaction } from '@driftbox/postgres';

const update = statement({
  name: 'auth.touch-identity',
  text: 'UPDATE identities SET last_used_at = $4, email = coalesce($5, email) WHERE tenant = $1 AND issuer = $2 AND subject = $3',
});

/** Notes a sign-in, and the address that the issuer has for them now. */
export function touchIdentity(tx: Transaction, issuer: string, subject: string, email: string | null, nowMs: number): void {
  tx.defer(update, [tx.tenantId, issuer, subject, new Date(nowMs), email]);
}
