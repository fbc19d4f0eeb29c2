import { statement, type Transaction } from '@driftbox/postgres';
import type { ProvenPerson } from './use-issuer-proof.ts';

const select = statement({
  name: 'auth.find-issuer-proof',
  text: `SELECT issuer, subject, email, email_verified AS "emailVerified", display_name AS "displayName" FROM issuer_proofs
         WHERE tenant = $1 AND code_hash = $2 AND code_challenge = $3 AND used_at IS NULL AND expires_at > $4`,
});

/** Whom a proof proves that has not been used. */
export async function findIssuerProof(
  tx: Transaction,
  codeHash: Buffer,
  codeChallenge: string,
  nowMs: number,
): Promise<ProvenPerson | undefined> {
  return (await tx.query<ProvenPerson>(select, [tx.tenantId, codeHash, codeChallenge, new Date(nowMs)])).rows[0];
}
