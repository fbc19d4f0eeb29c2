import { statement, type Transaction } from '@driftbox/postgres';

/** A tenant's intent as it was put; `null` for one that was registered before intents were kept. */
export type IntentRow = { readonly intent: unknown; readonly generation: number; readonly users: number };

const select = statement({
  name: 'auth.read-intent',
  text: `SELECT intent, generation, (SELECT count(*) FROM users WHERE tenant = $1) AS users FROM tenants WHERE id = $1`,
});

/** What is kept of a tenant, and how many people it has. */
export async function readIntent(tx: Transaction): Promise<IntentRow | undefined> {
  return (await tx.query<IntentRow>(select, [tx.tenantId])).rows[0];
}
