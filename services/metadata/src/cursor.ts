import { Problem } from '@driftbox/protocol';

/** A place in a list, as clients hand it back: the sort keys of the last row. */
export type Keys = readonly (string | number)[];

export function encodeCursor(keys: Keys): string {
  return Buffer.from(JSON.stringify(keys)).toString('base64url');
}

/** The keys of a cursor made by `encodeCursor` with keys of these types; anything else is an `invalid_argument`. */
export function decodeCursor(cursor: string, types: readonly ('string' | 'number')[]): Keys {
  const keys = parsed(cursor);
  if (Array.isArray(keys) && keys.length === types.length && keys.every((key, at) => typeof key === types[at])) return keys as Keys;
  throw new Problem('invalid_argument', 'The cursor is not one that this server gave');
}

/** Like `decodeCursor` for keys that were never longer than these; `undefined` where there is no cursor. */
export function keysOf(cursor: string | undefined, types: readonly ('string' | 'number')[]): Keys | undefined {
  return cursor === undefined ? undefined : decodeCursor(cursor, types);
}

function parsed(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString()) as unknown;
  } catch {
    return undefined;
  }
}

/** Cuts a list that was read one row too long to its page, and names where to go on. */
export function pageFrom<Row, Item>(
  rows: readonly Row[],
  limit: number,
  present: (row: Row) => Item,
  keys: (row: Row) => Keys,
): { items: Item[]; nextCursor?: string } {
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return { items: page.map(present), ...(rows.length > limit && last !== undefined ? { nextCursor: encodeCursor(keys(last)) } : {}) };
}
