import type { Database } from './database.ts';
import { statement } from './statement.ts';

const mostCounted = 100_000;

const countUnsent = statement({
  name: 'postgres.count-outbox',
  text: `SELECT count(*)::integer AS waiting,
    coalesce(greatest(0, extract(epoch FROM clock_timestamp() - min(occurred_at)) * 1000), 0)::float8 AS oldest_ms
    FROM (SELECT occurred_at FROM outbox ORDER BY id LIMIT $1) AS unsent`,
});

/** How many events wait in the outbox, counted up to 100,000, and for how long the oldest has. `database` is the relay's. */
export async function readBacklog(database: Database): Promise<{ readonly waiting: number; readonly oldestMs: number }> {
  const { rows } = await database.query<{ waiting: number; oldest_ms: number }>(countUnsent, [mostCounted]);
  return { waiting: rows[0]?.waiting ?? 0, oldestMs: rows[0]?.oldest_ms ?? 0 };
}
