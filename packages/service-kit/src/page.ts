import { isUuid } from '@driftbox/domain';
import { Problem } from '@driftbox/protocol';

/** The id that a page's cursor stands for. Throws `invalid_argument` for what no page ever answered. */
export function idOfCursor(cursor: string | undefined): string | undefined {
  if (cursor !== undefined && !isUuid(cursor)) throw new Problem('invalid_argument', 'query.cursor: is not a cursor of this list');
  return cursor;
}

/** A page of `rows`, of which one more than `limit` was asked for. Lists are in id order, so the last id is the cursor. */
export function toPage<Row, Item>(
  rows: readonly Row[],
  limit: number,
  idOf: (row: Row) => string,
  present: (row: Row) => Item,
): { items: Item[]; nextCursor?: string } {
  const shown = rows.slice(0, limit);
  const items = shown.map(present);
  const last = shown.at(-1);
  return rows.length > limit && last !== undefined ? { items, nextCursor: idOf(last) } : { items };
}
