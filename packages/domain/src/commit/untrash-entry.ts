import type { Outcome } from '../operation.ts';
import { conflict, notFound } from './answers.ts';
import type { Of } from './answers.ts';
import { checkExists, checkPlace, checkWholePlace } from './checks.ts';
import type { Working } from './working.ts';
import { putNext } from './write-entry.ts';

/**
 * Takes out of the trash what was deleted itself, with everything that went with it: to the given place, or back to
 * where it was. What is in the trash only because its folder is comes back with the folder.
 */
export function untrashEntry(work: Working, op: Of<'untrash'>): Outcome {
  const checked = checkExists(work, op.entryId);
  if (!checked.ok) return checked.outcome;
  const before = checked.found;
  if (before.trashed === undefined) {
    return work.standing(op.entryId).live ? conflict(before, false) : notFound('its folder was deleted, not the entry itself');
  }
  const wanted = checkWholePlace(op);
  if (!wanted.ok) return wanted.outcome;
  const { parentId, name } = wanted.found ?? before;
  const place = checkPlace(work, op.entryId, parentId, name);
  return place.ok ? putNext(work, op.writeId, before, { place: place.found, trashed: null }, 'untrashed') : place.outcome;
}
