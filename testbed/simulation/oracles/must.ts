import { Broken } from '../world.ts';

/** Throws `Broken` unless it holds. */
export function must(holds: boolean, what: () => string): asserts holds {
  if (!holds) throw new Broken(what());
}
