import { randomUUID } from 'node:crypto';
import { digestOf } from '@driftbox/chunking';
import { buildChunkList, parseEntryId, type EntryId, type UploadId, type WriteId } from '@driftbox/domain';
import type { WireOperation, WireOutcome } from '@driftbox/protocol';
import { newId, ownId } from '@driftbox/service-kit';
import { commitOperations } from './commit-operations.ts';
import type { Context } from './context.ts';
import { present } from './present.ts';
import type { AtWork } from './possession.ts';
import type { ReceivedFile } from './receive-file.ts';
import { keepBlocks } from './resolve-list.ts';

/** Where a file goes: to a place where nothing is, or over the revision of an entry that was seen. */
export type FilePlace = { readonly driveEpoch: string; readonly mtime?: string | undefined } & (
  | { readonly parentId: EntryId; readonly name: string }
  | { readonly entryId: EntryId; readonly rev: number }
);

/** Commits one file whose bytes came whole and are durable, in a commit of its own. Throws what a commit throws. */
export async function commitFile(context: Context, work: AtWork, file: ReceivedFile, place: FilePlace): Promise<WireOutcome> {
  const list = buildChunkList(file.chunks, digestOf);
  const implicitUpload = randomUUID() as UploadId;
  await keepBlocks(context, work, implicitUpload, list);
  const content = list.form === 'inline' ? { chunkList: [...list.chunks] } : { listId: list.listId };
  const target =
    'parentId' in place
      ? { entryId: ownId(parseEntryId, newId(context.nowMs())), parentId: place.parentId, name: place.name, baseRev: null }
      : { entryId: place.entryId, baseRev: place.rev };
  const operation: WireOperation = {
    op: 'putFile',
    writeId: randomUUID() as WriteId,
    ...target,
    ...content,
    sizeBytes: file.sizeBytes,
    mtime: place.mtime ?? new Date(context.nowMs()).toISOString(),
  };
  const answer = await commitOperations(context, work, {
    driveEpoch: place.driveEpoch,
    operations: [operation],
    atomic: false,
    proven: file.proven,
    implicitUpload,
  });
  return present(answer.outcomes[0], 'one operation has one outcome');
}
