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

/** The ids that a commit of a file is known by: asked for again under the same it writes nothing twice. */
export type FileIds = {
  /** Of the entry, where the file is a new one. */
  readonly entryId: EntryId;
  readonly writeId: WriteId;
  /** To which the bytes were proven, as far as this request did not bring them. */
  readonly uploadId: UploadId;
};

/** Ids for a commit that comes once. */
export function freshIds(nowMs: number): FileIds {
  return { entryId: ownId(parseEntryId, newId(nowMs)), writeId: randomUUID() as WriteId, uploadId: randomUUID() as UploadId };
}

/** Commits one file whose bytes came whole and are durable, in a commit of its own. Throws what a commit throws. */
export async function commitFile(
  context: Context,
  work: AtWork,
  file: ReceivedFile,
  place: FilePlace,
  { entryId, writeId, uploadId }: FileIds = freshIds(context.nowMs()),
): Promise<WireOutcome> {
  const list = buildChunkList(file.chunks, digestOf);
  await keepBlocks(context, work, uploadId, list);
  const content = list.form === 'inline' ? { chunkList: [...list.chunks] } : { listId: list.listId };
  const target =
    'parentId' in place
      ? { entryId, parentId: place.parentId, name: place.name, baseRev: null }
      : { entryId: place.entryId, baseRev: place.rev };
  const operation: WireOperation = {
    op: 'putFile',
    writeId,
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
    implicitUpload: uploadId,
  });
  return present(answer.outcomes[0], 'one operation has one outcome');
}
