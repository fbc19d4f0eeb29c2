import type { BigIntStats } from 'node:fs';
import type { Client } from '@driftbox/api-client';
import type { ChunkRef, Digest, EntryId, Name, WriteId } from '@driftbox/domain';
import type { Drive, Entry, WireOutcome } from '@driftbox/protocol';
import type { Batch } from './batch.ts';
import { describeContent } from './describe-content.ts';
import { fileFacts } from './file-facts.ts';
import { LocalFile } from './local-bytes.ts';
import { FileChanged } from './local-error.ts';
import { Parcel } from './parcel.ts';
import { readChunkList } from './read-chunk-list.ts';
import { sendContent } from './send-content.ts';
import type { ContentSender } from './send-content.ts';
import type { SentOperation } from './sent-operation.ts';

/** The run that a file is sent in. */
export type FileSender = ContentSender & { readonly client: Client; readonly drive: Drive };

/** A file as the server holds it. `chunks` may be absent where the list is long: then it is read by its `listId`. */
export type BaseFile = Pick<Extract<Entry, { kind: 'file' }>, 'entryId' | 'rev' | 'listId' | 'chunks' | 'mtime' | 'executable'>;

/** Where a file goes: a new entry under an id that the caller made, or a revision of what the server holds. */
export type SendTarget = { readonly entryId: EntryId; readonly parentId: EntryId; readonly name: Name } | { readonly base: BaseFile };

/** One file to send. Sent again with the same ids and unchanged content it is written once, whatever became of the first try. */
export type FileToSend = {
  readonly path: string;
  readonly target: SendTarget;
  readonly writeId: WriteId;
  /** Requests that must have been answered first, such as the one that makes its folder. */
  readonly needs: readonly Batch[];
  /** Send everything as it is, for a server that has just said that it lacks chunks. */
  readonly whole: boolean;
};

/** What was read of a file, and what the file looked like before and after: the same, or nothing is sent. */
export type FileRead = {
  readonly chunks: readonly ChunkRef[];
  readonly listId: Digest;
  readonly sizeBytes: number;
  /** As it goes over the wire: RFC 3339, whole milliseconds. */
  readonly mtime: string;
  readonly executable: boolean;
  readonly stat: BigIntStats;
};

/** What became of a file: the outcome of its operation, or that its base was the same already. */
export type SendOutcome = WireOutcome | { readonly outcome: 'unchanged' };

/**
 * Sends what the server lacks of one file, then its operation; where only time or executable bit differ from the base, only
 * those. `settle` hears what became of it, once the request that carries the operation is answered. Throws `FileChanged`,
 * or what the file system or server say.
 */
export async function sendFile(at: FileSender, file: FileToSend, settle: (outcome: SendOutcome, read: FileRead) => void): Promise<void> {
  const { target, writeId, whole } = file;
  const base = 'base' in target ? target.base : undefined;
  const handle = new LocalFile(file.path);
  try {
    const before = handle.stat();
    if (!before.isFile()) throw new FileChanged();
    const old = base === undefined || whole ? undefined : { listId: base.listId, chunks: await readChunkList(at.client, at.drive, base) };
    const parcel = new Parcel(at.sender);
    const { chunks, hasList } = await sendContent(at, { handle, sizeBytes: Number(before.size), old, whole }, parcel);
    const stat = handle.stat();
    const readBytes = chunks.reduce((sum, chunk) => sum + chunk.sizeBytes, 0);
    if (stat.mtimeNs !== before.mtimeNs || stat.size !== before.size || readBytes !== Number(stat.size)) throw new FileChanged();
    const { sizeBytes, mtimeMs, executable } = fileFacts(stat);
    const { listId, fields, blocks } = describeContent(chunks, old);
    const mtime = new Date(mtimeMs).toISOString();
    const read: FileRead = { chunks, listId, sizeBytes, mtime, executable, stat };
    const commit = (operation: SentOperation): Promise<Batch> =>
      at.sender.commit(operation, parcel.own, [...parcel.needs, ...file.needs], (outcome) => settle(outcome, read));
    if (base !== undefined && listId === base.listId && !whole) {
      if (mtime === base.mtime && executable === base.executable) return settle({ outcome: 'unchanged' }, read);
      await commit({ op: 'setAttributes', writeId, entryId: base.entryId, baseRev: base.rev, mtime, executable });
      return;
    }
    for (const { digest, bytes } of hasList ? [] : blocks) parcel.needs.add(await at.sender.upload({ kind: 'list', digest, bytes }));
    parcel.needCarriers(chunks);
    const place = 'base' in target ? { entryId: target.base.entryId, baseRev: target.base.rev } : { ...target, baseRev: null };
    await commit({ op: 'putFile', writeId, ...place, ...fields, sizeBytes, mtime, executable });
  } finally {
    await handle.close();
  }
}
