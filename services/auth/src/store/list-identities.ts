import type { UserId } from '@driftbox/domain';
import { statement, type Transaction } from '@driftbox/postgres';
import type { IdentityRow } from './identity-row.ts';

const select = statement({
  name: 'auth.list-identities',
  text: `SELECT identity_id AS "identityId", issuer, email, linked_at AS "linkedMs", last_used_at AS "lastUsedMs" FROM identities
         WHERE tenant = $1 AND user_id = $2 AND ($3::uuid IS NULL OR identity_id > $3) ORDER BY identity_id LIMIT $4`,
});

/** By whom at which issuer the user signs in, oldest first. */
export async function listIdentities(tx: Transaction, userId: UserId, after: string | undefined, limit: number): Promise<IdentityRow[]> {
  return (await tx.query<IdentityRow>(select, [tx.tenantId, userId, after ?? null, limit])).rows;
}
