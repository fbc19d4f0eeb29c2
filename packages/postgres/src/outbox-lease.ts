import type { Database } from './database.ts';
import { statement } from './statement.ts';

/** The right to relay one range of keys, until `expiresInMs` from the taking of it. `fence` is larger than any before. */
export type Lease = { readonly fence: number };

const takeLease = statement({
  name: 'postgres.take-outbox-lease',
  text: `INSERT INTO outbox_lease AS held (key_range, holder, fence, expires_at) VALUES (0, $1, 1, now() + $2 * interval '1 millisecond')
         ON CONFLICT (key_range) DO UPDATE SET
           fence = held.fence + CASE WHEN held.holder = excluded.holder THEN 0 ELSE 1 END,
           holder = excluded.holder, expires_at = excluded.expires_at
         WHERE held.holder = excluded.holder OR held.expires_at < now() OR held.expires_at > excluded.expires_at + interval '1 minute'
         RETURNING fence`,
});

const yieldLease = statement({
  name: 'postgres.yield-outbox-lease',
  text: `UPDATE outbox_lease SET expires_at = '-infinity' WHERE key_range = 0 AND holder = $1`,
});

/**
 * Takes the lease if it is free, or renews it if `holder` has it; `undefined` while somebody else does. One that would last far longer
 * than the taker's own was taken before the database's clock was set back, and is free: else its holder's death would be felt as late.
 */
export async function acquireLease(database: Database, holder: string, ttlMs: number): Promise<Lease | undefined> {
  const { rows } = await database.query<Lease>(takeLease, [holder, ttlMs]);
  return rows[0];
}

/** Gives the lease up at once, so that another process need not wait for it to expire. */
export async function releaseLease(database: Database, holder: string): Promise<void> {
  await database.query(yieldLease, [holder]);
}
