import type { Transaction } from '@driftbox/postgres';
import { Problem } from '@driftbox/protocol';
import { holdSuspension } from './store/hold-suspension.ts';

/** Holds the tenant's row and throws `not_suspended` where people may come, or `not_found` where there is none. */
export async function requireSuspended(tx: Transaction): Promise<void> {
  const suspended = await holdSuspension(tx);
  if (suspended === undefined) throw new Problem('not_found', 'There is no such tenant');
  if (!suspended) throw new Problem('not_suspended');
}
