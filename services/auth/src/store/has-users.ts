import { statement, type Transaction } from '@driftbox/postgres';

const select = statement({ name: 'auth.has-users', text: 'SELECT 1 FROM users WHERE tenant = $1 LIMIT 1' });

/** Whether the tenant has any user at all. */
export async function hasUsers(tx: Transaction): Promise<boolean> {
  return (await tx.query(select, [tx.tenantId])).rows.length > 0;
}
