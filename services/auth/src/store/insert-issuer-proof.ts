import { statement, type Transaction } from '@driftbox/postgres';
import type { ProvenPerson } from './use-issuer-proof.ts';

const insert = statement({
  name: 'auth.insert-issuer-proof',
  text: `INSERT INTO issuer_proofs
           (tenant, state_hash, code_hash, code_challenge, issuer, subject, email, email_verified, display_name, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
});

/** Where a proof belongs: the sign-in that was begun, and the client that may use it. */
export type ProofPlace = {
  readonly stateHash: Buffer;
  readonly codeHash: Buffer;
  readonly codeChallenge: string;
  readonly expiresMs: number;
};

/** Violates `issuer_proofs_pkey` when this sign-in has been answered before. */
export async function insertIssuerProof(tx: Transaction, place: ProofPlace, person: ProvenPerson): Promise<void> {
  const { issuer, subject, email, emailVerified, displayName } = person;
  const where = [tx.tenantId, place.stateHash, place.codeHash, place.codeChallenge];
  await tx.query(insert, [...where, issuer, subject, email, emailVerified, displayName, new Date(place.expiresMs)]);
}
