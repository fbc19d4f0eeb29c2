import { statement, type Transaction } from '@driftbox/postgres';

const lock = statement({
  name: 'auth.lock-seats',
  text: `SELECT (intent->'limits'->>'users')::bigint AS most FROM tenants
         WHERE id = $1 AND (intent->'limits'->>'users')::bigint < 9007199254740991 FOR NO KEY UPDATE`,
});
const count = statement({ name: 'auth.count-users', text: 'SELECT count(*) AS users FROM users WHERE tenant = $1' });

/** How many people the tenant may have, its row held until the transaction ends; `undefined`, and nothing held, without a limit. */
export async function lockSeats(tx: Transaction): Promise<number | undefined> {
  return (await tx.query<{ most: number }>(lock, [tx.tenantId])).rows[0]?.most;
}

/** How many people the tenant has. */
export async function countUsers(tx: Transaction): Promise<number> {
  return (await tx.query<{ users: number }>(count, [tx.tenantId])).rows[0]?.users ?? 0;
}
