/** A part of one of a row of sized things: which, and its bytes `from` to `to` (exclusive). */
export type Slice<T> = { readonly item: T; readonly from: number; readonly to: number };

/** The slices that bytes `start` to `end` (exclusive) of the row consist of, in order. Empty things are skipped. */
export function coverRange<T extends { readonly sizeBytes: number }>(items: readonly T[], start: number, end: number): Slice<T>[] {
  const slices: Slice<T>[] = [];
  let at = 0;
  for (const item of items) {
    const from = Math.max(start - at, 0);
    const to = Math.min(end - at, item.sizeBytes);
    if (from < to) slices.push({ item, from, to });
    at += item.sizeBytes;
    if (at >= end) break;
  }
  return slices;
}
