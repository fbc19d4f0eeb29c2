import { statement, type Transaction } from '@driftbox/postgres';

const remove = statement({ name: 'auth.remove-issuer', text: 'DELETE FROM issuers WHERE tenant = $1 AND name = $2 AND NOT managed' });

/** Removes one that the tenant set itself; answers false when there was none. */
export async function removeIssuer(tx: Transaction, name: string): Promise<boolean> {
  return (await tx.query(remove, [tx.tenantId, name])).rowCount === 1;
}
