import { patience, type RetryOptions } from '../retry.ts';
import type { KeyManager } from './key-manager.ts';

/**
 * Repeats what may be repeated and failed for the moment, within `deadlineMs` (default 10 s). Adding and destroying
 * generations is never repeated: a lost answer may have been a yes.
 */
export function patientKeys(manager: KeyManager, options: RetryOptions = {}): KeyManager {
  const persist = patience({ attempts: 4, firstDelayMs: 100, deadlineMs: 10_000, ...options });
  return {
    place: manager.place,
    generations: () => persist(() => manager.generations()),
    wrap: (key) => persist(() => manager.wrap(key)),
    unwrap: (of, wrapped) => persist(() => manager.unwrap(of, wrapped)),
    rewrap: (some) => persist(() => manager.rewrap(some)),
    rotate: () => manager.rotate(),
    retire: (generation) => manager.retire(generation),
  };
}
