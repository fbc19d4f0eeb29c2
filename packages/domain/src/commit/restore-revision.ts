import type { Outcome } from '../operation.ts';
import { invalid, notFound } from './answers.ts';
import type { Of } from './answers.ts';
import { checkLive, checkRoom } from './checks.ts';
import type { Working } from './working.ts';
import { putNext } from './write-entry.ts';

/**
 * Makes a new revision with what an older one held. The place stays, and nothing is lost: what it replaces becomes
 * history. It needs no `baseRev` because it is a decision about the past, not an edit of what somebody looked at.
 */
export function restoreRevision(work: Working, op: Of<'restoreRevision'>): Outcome {
  const checked = checkLive(work, op.entryId);
  if (!checked.ok) return checked.outcome;
  const before = checked.found;
  if (before.body.kind === 'folder' || before.body.kind === 'mount') return invalid(`a ${before.body.kind} holds nothing to restore`);
  const revision = work.revisions.get(`${work.state.drive.driveId}/${op.entryId}/${op.rev}`);
  if (revision === undefined) return notFound('there is no such revision');
  return checkRoom(work, before, revision.body) ?? putNext(work, op.writeId, before, { body: revision.body }, 'restored');
}
