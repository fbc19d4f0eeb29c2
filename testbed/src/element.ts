/** The element at an index (negative counts from the end); throws where there is none. */
export function element<T>(list: readonly T[], index: number): T {
  const found = list.at(index);
  if (found === undefined) throw new RangeError(`no element ${index} of ${list.length}`);
  return found;
}
