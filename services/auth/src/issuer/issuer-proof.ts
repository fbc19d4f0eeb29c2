import { createHash } from 'node:crypto';
import type { Transaction } from '@driftbox/postgres';
import { Problem, type IssuerProof } from '@driftbox/protocol';
import { hashSecret } from '@driftbox/service-kit';
import type { Context } from '../context.ts';
import { findIssuerProof } from '../store/find-issuer-proof.ts';
import { useIssuerProof, type ProvenPerson } from '../store/use-issuer-proof.ts';

async function read(
  { nowMs }: Context,
  tx: Transaction,
  { code, codeVerifier }: IssuerProof,
  by: typeof findIssuerProof,
): Promise<ProvenPerson> {
  const challenge = createHash('sha256').update(codeVerifier).digest('base64url');
  const person = await by(tx, hashSecret(code), challenge, nowMs());
  if (person === undefined) throw new Problem('permission_denied', 'The code is not valid, or no longer: sign in at the issuer again');
  return person;
}

/** Whom the code proves, to the client that made the verifier (RFC 7636, S256). Throws `permission_denied`. */
export function seeProof(context: Context, tx: Transaction, proof: IssuerProof): Promise<ProvenPerson> {
  return read(context, tx, proof, findIssuerProof);
}

/** The same, and uses it up with the transaction. */
export function takeProof(context: Context, tx: Transaction, proof: IssuerProof): Promise<ProvenPerson> {
  return read(context, tx, proof, useIssuerProof);
}
