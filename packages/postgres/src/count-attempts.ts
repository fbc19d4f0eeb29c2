import { statement, type Statement } from './statement.ts';

/** Attempts under a key within its window, the one just counted included. */
export type AttemptRow = { readonly key: Buffer; readonly attempts: number; readonly endsMs: number };

/**
 * A statement that adds one to the count of each key `$2` of a tenant's in `table`, in key order against deadlocks. Windows that
 * ended by `$3` begin anew and end at `$4`; one that would end later was begun by a clock that has been set back since, and ends at
 * `$4` too.
 */
export function countAttemptsIn(table: string, name: string): Statement {
  return statement({
    name,
    text: `INSERT INTO ${table} AS known (tenant, key, attempts, window_ends_at)
      SELECT $1, key, 1, $4 FROM unnest($2::bytea[]) AS key ORDER BY key
      ON CONFLICT (tenant, key) DO UPDATE SET
        attempts = CASE WHEN known.window_ends_at <= $3 THEN 1 ELSE least(known.attempts + 1, 1000000) END,
        window_ends_at = CASE
          WHEN known.window_ends_at <= $3 THEN excluded.window_ends_at
          ELSE least(known.window_ends_at, excluded.window_ends_at)
        END
      RETURNING key, attempts, window_ends_at AS "endsMs"`,
  });
}
