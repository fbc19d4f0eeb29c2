import { statement, type Transaction } from '@driftbox/postgres';
import type { NewIdentity } from './identity-row.ts';

const insert = statement({
  name: 'auth.insert-identity',
  text: `INSERT INTO identities (tenant, issuer, subject, identity_id, user_id, email, linked_at) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
});

/** Violates `identities_pkey` when somebody signs in as this subject already. */
export async function insertIdentity(tx: Transaction, row: NewIdentity): Promise<void> {
  await tx.query(insert, [tx.tenantId, row.issuer, row.subject, row.identityId, row.userId, row.email, new Date(row.linkedMs)]);
}
