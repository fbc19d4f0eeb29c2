import assert from 'node:assert/strict';
import type { ChunkRef } from '@driftbox/domain';
import { FileChanged, Parcel, describeContent, LocalFile, sendContent } from '@driftbox/transfer';
import type { ContentSender, OldContent, SentOperation } from '@driftbox/transfer';
import { isMissing } from '../disk/outcome-of-error.ts';
import { isSame, statOf } from '../disk/stat-of.ts';
import type { Stat } from '../ports/disk.ts';
import type { PendingOperation, SentContent } from '../ports/server.ts';
import type { Connection } from './connection.ts';

/** The file is not what was planned from, or no longer what was sent before under the same `writeId`. */
export class SourceChanged extends Error {}

/** A file that was read: its operation, what it holds, and the bytes that must travel with it. */
export type Source = { readonly wire: SentOperation; readonly content: SentContent; readonly parcel: Parcel };

/**
 * Reads the file of a `putFile`, sends ahead what is large, and answers the rest. Throws `SourceChanged`, or what the file
 * system or server say. `whole` sends everything, whatever the server has.
 */
export async function readSource(at: Connection & ContentSender, pending: PendingOperation, whole: boolean): Promise<Source> {
  const { operation, source, writeId } = pending;
  assert(operation.op === 'putFile' && source !== undefined, 'only a file that was found is read');
  const handle = open(at, source.path);
  try {
    const expected = pending.content?.stat ?? source.stat;
    const before = statOfHandle(at, handle);
    if (!isSame(expected, before)) throw new SourceChanged();
    const old = whole ? undefined : await oldContent(at, operation);
    const parcel = new Parcel(at.sender);
    const { chunks, hasList } = await sendContent(at, { handle, sizeBytes: before.sizeBytes, old, whole }, parcel);
    const stat = statOfHandle(at, handle);
    if (!isSame(expected, stat) || sizeOf(chunks) !== stat.sizeBytes) throw new SourceChanged();
    const { listId, fields, blocks } = describeContent(chunks, old);
    if (pending.content !== undefined && pending.content.listId !== listId) throw new SourceChanged();
    at.lists.keepChunks(listId, chunks);
    for (const { digest, bytes } of hasList ? [] : blocks) parcel.needs.add(await at.sender.upload({ kind: 'list', digest, bytes }));
    parcel.needCarriers(chunks);
    const mtimeMs = Math.floor(stat.mtimeMs);
    const { sizeBytes, executable } = stat;
    const { op, entryId, baseRev, place } = operation;
    const wire = { op, writeId, entryId, baseRev, ...place, ...fields, sizeBytes, mtime: new Date(mtimeMs).toISOString(), executable };
    return { wire, content: { listId, sizeBytes, mtimeMs, executable, stat }, parcel };
  } catch (error) {
    throw error instanceof FileChanged ? new SourceChanged() : error;
  } finally {
    await handle.close();
  }
}

function open(at: Connection, path: string): LocalFile {
  try {
    return new LocalFile(at.files.reach(path));
  } catch (error) {
    throw isMissing(error) ? new SourceChanged() : error;
  }
}

function statOfHandle(at: Connection, handle: LocalFile): Stat {
  return statOf(handle.stat(), at.files.traits);
}

/** What the server holds of the file: bases for deltas, and chunks that need not travel. */
async function oldContent(
  at: Connection,
  { entryId, baseRev }: PendingOperation['operation'] & { op: 'putFile' },
): Promise<OldContent | undefined> {
  const body = baseRev === null ? undefined : at.known(entryId)?.body;
  if (body?.kind !== 'file' || body.listId === undefined) return undefined;
  const { listId, sizeBytes } = body;
  const chunks = await at.lists.of(entryId, { listId, sizeBytes });
  return chunks === undefined ? undefined : { listId, chunks };
}

function sizeOf(chunks: readonly ChunkRef[]): number {
  return chunks.reduce((sum, chunk) => sum + chunk.sizeBytes, 0);
}
