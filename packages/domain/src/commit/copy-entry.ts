import type { Outcome } from '../operation.ts';
import { invalid, notFound } from './answers.ts';
import type { Of } from './answers.ts';
import type { Working } from './working.ts';
import { createEntry } from './write-entry.ts';

/** Makes a new file or symlink with what a revision held, in this drive or another that the actor may read. No bytes move. */
export function copyEntry(work: Working, op: Of<'copy'>): Outcome {
  const source = work.revisions.get(`${op.from.drive}/${op.from.entryId}/${op.from.rev}`);
  if (source === undefined || work.isPurged(op.from.entryId)) return notFound('there is no such revision');
  const { body } = source;
  if (body.kind === 'folder' || body.kind === 'mount') return invalid(`a ${body.kind} is not copied in one operation`);
  return createEntry(work, op, body);
}
