import type { Body } from '../entry.ts';
import { maxTargetBytes } from '../limits.ts';
import { utf8Bytes } from '../name.ts';
import type { Outcome } from '../operation.ts';
import { invalid } from './answers.ts';
import type { Of } from './answers.ts';
import { checkLive, checkWholePlace } from './checks.ts';
import type { Working } from './working.ts';
import { createEntry, editEntry } from './write-entry.ts';

/**
 * Makes a symlink (`baseRev: null`) or points one elsewhere. The target is text that a client may or may not be able to
 * follow: the server never does, so it may point anywhere, also out of the tree.
 */
export function putSymlink(work: Working, op: Of<'putSymlink'>): Outcome {
  const { target } = op;
  if (target === '' || target.includes('\0') || !target.isWellFormed()) return invalid('a target is not empty, valid Unicode, without NUL');
  if (utf8Bytes(target) > maxTargetBytes) return invalid(`a target has at most ${maxTargetBytes} bytes`);
  const body: Body = { kind: 'symlink', target, mtimeMs: op.mtimeMs };
  if (op.baseRev === null) {
    const place = checkWholePlace(op);
    if (!place.ok) return place.outcome;
    if (place.found === undefined) return invalid('a new symlink needs parentId and name');
    return createEntry(work, { ...op, ...place.found }, body);
  }
  const checked = checkLive(work, op.entryId);
  return checked.ok ? editEntry(work, { ...op, baseRev: op.baseRev }, checked.found, body) : checked.outcome;
}
