import { giveShared } from '@driftbox/threads';
import type { Context } from './context.ts';
import { coverRange } from './cover-range.ts';
import { readAhead } from './read-ahead.ts';
import { slicesOf, type Located, type Reading } from './read-content.ts';
import { findDamaged, isDamaged } from './store/find-damaged.ts';
import { findPlaces } from './store/find-places.ts';

/**
 * Reads once more what of a range is known to be damaged, while an answer may still say so: throws `content_damaged`. One chunk alone is
 * read before the first byte in any case.
 */
export async function tryDamaged(context: Context, reading: Reading, file: Located, start: number, end: number): Promise<void> {
  const { database } = context;
  const { tenantId, signal } = reading;
  if (file.chunks !== undefined && coverRange(file.chunks, start, end).length <= 1) return;
  if (!(await isDamaged(database, tenantId))) return;
  for await (const slices of slicesOf(context, reading, file, start, end)) {
    const damaged = await findDamaged(database, tenantId, [...new Set(slices.map(({ item }) => item.digest))]);
    const { places } = await findPlaces(database, tenantId, damaged);
    for await (const { bytes } of readAhead(context, tenantId, [...places.values()], signal)) giveShared(bytes);
  }
}
