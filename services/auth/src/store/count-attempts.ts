import { statement, type Transaction } from '@driftbox/postgres';

const upsert = statement({
  name: 'auth.count-attempts',
  text: `INSERT INTO login_attempts AS known (tenant, key, attempts, window_ends_at)
         SELECT $1, key, 1, $4 FROM unnest($2::bytea[]) AS key ORDER BY key
         ON CONFLICT (tenant, key) DO UPDATE SET
           attempts = CASE WHEN known.window_ends_at <= $3 THEN 1 ELSE least(known.attempts + 1, 1000000) END,
           window_ends_at = CASE
             WHEN known.window_ends_at <= $3 THEN excluded.window_ends_at
             ELSE least(known.window_ends_at, excluded.window_ends_at)
           END
         RETURNING key, attempts, window_ends_at AS "windowEndsMs"`,
});

type Row = { readonly key: Buffer; readonly attempts: number; readonly windowEndsMs: number };

/**
 * Adds one to each key's count, in key order against deadlocks; answers the counts by key in hex. A window that would end later than
 * one that begins now was begun by a clock that has been set back since, and ends with it.
 */
export async function countAttempts(
  tx: Transaction,
  keys: readonly Buffer[],
  nowMs: number,
  windowEndsMs: number,
): Promise<Map<string, Row>> {
  const { rows } = await tx.last<Row>(upsert, [tx.tenantId, keys, new Date(nowMs), new Date(windowEndsMs)]);
  return new Map(rows.map((row) => [row.key.toString('hex'), row]));
}
