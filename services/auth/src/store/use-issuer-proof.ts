import { statement, type Transaction } from '@driftbox/postgres';

/** A person as an issuer confirmed them. `email` is `null` where it told none that is one. */
export type ProvenPerson = {
  readonly issuer: string;
  readonly subject: string;
  readonly email: string | null;
  readonly emailVerified: boolean;
  readonly displayName: string | null;
};

const update = statement({
  name: 'auth.use-issuer-proof',
  text: `UPDATE issuer_proofs SET used_at = $4
         WHERE tenant = $1 AND code_hash = $2 AND code_challenge = $3 AND used_at IS NULL AND expires_at > $4
         RETURNING issuer, subject, email, email_verified AS "emailVerified", display_name AS "displayName"`,
});

/** Uses a proof up and answers whom it proves; it works once, and again only if the transaction fails. */
export async function useIssuerProof(
  tx: Transaction,
  codeHash: Buffer,
  codeChallenge: string,
  nowMs: number,
): Promise<ProvenPerson | undefined> {
  return (await tx.query<ProvenPerson>(update, [tx.tenantId, codeHash, codeChallenge, new Date(nowMs)])).rows[0];
}
