import type { Outcome } from '../operation.ts';
import { invalid } from './answers.ts';
import type { Of } from './answers.ts';
import { checkLive, checkPlace, checkSeen } from './checks.ts';
import type { Working } from './working.ts';
import { putNext } from './write-entry.ts';

/**
 * Renames or moves an entry, whatever is under it: one row. An edit in between does not matter, another move does.
 * Moving to another drive is a rule of its own over both drives (`moveToDrive`), and alone in its commit.
 */
export function moveEntry(work: Working, op: Of<'move'>): Outcome {
  if (op.toDrive !== undefined && op.toDrive !== work.state.drive.driveId) return invalid('a move to another drive is alone in its commit');
  const checked = checkLive(work, op.entryId);
  if (!checked.ok) return checked.outcome;
  const before = checked.found;
  const stale = checkSeen(before, op.baseRev, before.placeRev);
  if (stale !== undefined) return stale;
  const place = checkPlace(work, op.entryId, op.parentId, op.name);
  return place.ok ? putNext(work, op.writeId, before, { place: place.found }, 'moved') : place.outcome;
}
