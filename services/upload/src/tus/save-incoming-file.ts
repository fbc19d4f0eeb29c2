import type { ChunkRef, Digest } from '@driftbox/domain';
import { routes } from '@driftbox/protocol';
import { commitFile } from '../commit-file.ts';
import type { Context } from '../context.ts';
import { findTarget, placeOf, type Target } from '../find-target.ts';
import { outcomeProblem } from '../outcome-problem.ts';
import type { AtWork } from '../possession.ts';
import { markSaved, type Destination } from '../store/incoming-files.ts';
import type { UploadKey } from '../store/open-upload.ts';

/**
 * Commits a file of which all chunks are durable, and gives back what is left of its reservation. Asked again after a crash it
 * commits under the same ids, and so writes nothing twice. Throws what the commit was refused with; then the upload stays open.
 */
export async function saveIncomingFile(
  context: Context,
  work: AtWork,
  key: UploadKey,
  file: Destination,
  content: { readonly chunks: ChunkRef[]; readonly proven: Set<Digest> },
): Promise<void> {
  const found = await findTarget(context, work, file.path, {});
  const { mtime, sizeBytes, entryId, writeId } = file;
  const ids = { entryId, writeId, uploadId: key.uploadId };
  const outcome = await commitFile(context, work, { ...content, sizeBytes }, placeOf(guarded(found, file), mtime), ids);
  if (outcome.outcome !== 'committed') throw outcomeProblem(outcome);
  await markSaved(context.database, key);
  await context.metadata.client.call(routes.releaseReservation, {
    ...context.metadata.as(work),
    params: { drive: key.drive, upload: key.uploadId },
  });
}

/** What the file is to be saved over: with a guard what was there when it was begun, so that the commit refuses anything else. */
function guarded(found: Target, { guard, entryId }: Destination): Target {
  if (guard === undefined) return found;
  const { entry: _entry, ...place } = found;
  return guard.baseRev === undefined ? place : { ...place, entry: { entryId, kind: 'file', rev: guard.baseRev } };
}
