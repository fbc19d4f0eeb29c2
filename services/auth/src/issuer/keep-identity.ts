import type { UserId } from '@driftbox/domain';
import type { Transaction } from '@driftbox/postgres';
import { newId } from '@driftbox/service-kit';
import type { Context } from '../context.ts';
import type { NewIdentity } from '../store/identity-row.ts';
import { insertAudit } from '../store/insert-audit.ts';
import { insertIdentity } from '../store/insert-identity.ts';
import type { ProvenPerson } from '../store/use-issuer-proof.ts';

/** From now on this person of the issuer signs in as the user. Violates `identities_pkey` when they are somebody already. */
export async function keepIdentity(
  context: Context,
  tx: Transaction,
  userId: UserId,
  { issuer, subject, email }: ProvenPerson,
  address: string,
): Promise<NewIdentity> {
  const nowMs = context.nowMs();
  const row = { identityId: newId(nowMs), issuer, subject, email, userId, linkedMs: nowMs };
  await insertIdentity(tx, row);
  insertAudit(tx, { outcome: 'identity-linked', address, userId, ...(email === null ? {} : { email }) }, nowMs);
  return row;
}
