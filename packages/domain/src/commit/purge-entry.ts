import { invariant } from '../invariant.ts';
import type { Outcome } from '../operation.ts';
import { conflict } from './answers.ts';
import type { Of } from './answers.ts';
import { checkExists } from './checks.ts';
import type { Working } from './working.ts';

/** Removes what was deleted, and everything under it, for good. Their ids stay known and are never used again. */
export function purgeEntry(work: Working, op: Of<'purge'>): Outcome {
  const checked = checkExists(work, op.entryId);
  if (!checked.ok) return checked.outcome;
  if (checked.found.trashed === undefined) return conflict(checked.found, !work.standing(op.entryId).live);
  const share = work.sums.of(op.entryId);
  invariant(share !== undefined, 'the sums of what is purged are loaded');
  return work.purge(checked.found, share, op.writeId);
}
