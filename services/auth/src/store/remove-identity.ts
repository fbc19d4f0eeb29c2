import type { UserId } from '@driftbox/domain';
import { statement, type Transaction } from '@driftbox/postgres';

const remove = statement({
  name: 'auth.remove-identity',
  text: 'DELETE FROM identities WHERE tenant = $1 AND user_id = $2 AND identity_id = $3',
});

/** Answers false when the user had no such identity. */
export async function removeIdentity(tx: Transaction, userId: UserId, identityId: string): Promise<boolean> {
  return (await tx.query(remove, [tx.tenantId, userId, identityId])).rowCount === 1;
}
