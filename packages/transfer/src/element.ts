import assert from 'node:assert/strict';

/** The element of a list at an index that is known to be in it; negative ones count from the end. */
export function element<T>(list: readonly T[], index: number): T {
  const found = list.at(index);
  assert(found !== undefined, `nothing at ${index} of ${list.length}`);
  return found;
}
