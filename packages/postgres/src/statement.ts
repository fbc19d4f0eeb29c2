import assert from 'node:assert/strict';

/** A value as pg encodes it: arrays become SQL arrays, other objects JSON, `Buffer` bytea, `Date` timestamptz. */
export type SqlValue = unknown;

/** A statement that is parsed and planned once per connection. Make it once, at module level, by `statement`. */
export type Statement = { readonly name: string; readonly text: string };

/** What a statement answers. `rowCount` counts rows written or read; times are milliseconds, bigints numbers (checked). */
export type Result<Row> = { readonly rows: Row[]; readonly rowCount: number | null };

const taken = new Map<string, string>();

/**
 * A named prepared statement. `name` is unique in the process and at most 63 bytes (PostgreSQL truncates longer ones);
 * a second statement of that name with another text is a programming error and throws.
 */
export function statement(definition: Statement): Statement {
  const { name, text } = definition;
  assert(name.length > 0 && Buffer.byteLength(name) <= 63, `statement name of 1 to 63 bytes: ${name}`);
  assert((taken.get(name) ?? text) === text, `two statements are called ${name}`);
  taken.set(name, text);
  return Object.freeze({ name, text });
}
