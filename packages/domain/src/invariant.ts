/** Throws unless `holds`: for what cannot happen unless a caller or this package is wrong. Domain imports no assert. */
export function invariant(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Error(`invariant broken: ${what}`);
}
