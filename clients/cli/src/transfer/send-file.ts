import type { FileHandle } from 'node:fs/promises';
import type { Client } from '@driftbox/api-client';
import { chunkFile, digestOf, maxBases } from '@driftbox/chunking';
import { parseEntryId, parseWriteId } from '@driftbox/domain';
import type { ChunkRef, Digest, EntryId } from '@driftbox/domain';
import type { Drive, WireOutcome } from '@driftbox/protocol';
import { newId } from '../new-id.ts';
import type { Batch, BatchSender } from './batch-sender.ts';
import { basesFor, candidateWindows } from './candidate-windows.ts';
import type { Window } from './candidate-windows.ts';
import { describeContent } from './describe-content.ts';
import type { Description } from './describe-content.ts';
import { FileChanged, openForReading, readAt, readChunkAt } from './local-bytes.ts';
import type { Asker, PlacedChunk } from './asker.ts';
import type { FileStep } from './plan-put.ts';
import { readChunkList } from './read-chunk-list.ts';
import { fileFacts } from './walk-tree.ts';

/** A file of at most this many bytes is one chunk, read whole. */
const oneChunkBytes = 2 ** 20;

export type FileSender = {
  readonly client: Client;
  readonly drive: Drive;
  readonly sender: BatchSender;
  readonly asker: Asker;
  readonly signal: AbortSignal;
  /** Called as bytes of the file are done with, sent or not. */
  readonly progressed: (plainBytes: number) => void;
};

/** Where the file goes: beside its base, or under a parent that `needs` creates. */
export type Target = { readonly parentId: EntryId; readonly name: string; readonly needs: readonly Batch[] };

type Old = { readonly listId: Digest; readonly chunks: readonly ChunkRef[] };
type Sent = { readonly chunks: readonly ChunkRef[]; readonly needs: ReadonlySet<Batch> };

/**
 * Sends what the server lacks of one file, then its operation. `whole` sends everything as it is, for a server that has just
 * said that it lacks chunks. Throws `FileChanged`, or what the file system or server say.
 */
export async function sendFile(at: FileSender, step: FileStep, target: Target, whole: boolean, settle: (outcome: WireOutcome) => void): Promise<void> {
  const { item, base } = step;
  const handle = await openForReading(item.path);
  try {
    const before = fileFacts(await handle.stat());
    const old = base === undefined || whole ? undefined : { listId: base.listId, chunks: await readChunkList(at.client, at.drive, base) };
    const sent = before.sizeBytes <= oneChunkBytes ? await sendSmall(at, handle, before.sizeBytes, old) : await sendLarge(at, handle, old, whole);
    const after = fileFacts(await handle.stat());
    const read = sent.chunks.reduce((sum, chunk) => sum + chunk.sizeBytes, 0);
    if (after.mtimeMs !== before.mtimeMs || after.sizeBytes !== before.sizeBytes || read !== before.sizeBytes) throw new FileChanged();
    const described = describeContent(sent.chunks, old);
    const mtime = new Date(before.mtimeMs).toISOString();
    const { executable } = before;
    const writeId = newId(parseWriteId);
    if (base !== undefined && described.listId === base.listId && !whole) {
      if (mtime === base.mtime && executable === base.executable) return settle({ outcome: 'committed', entryId: base.entryId, rev: base.rev, seq: base.seq });
      await at.sender.addOperation({ op: 'setAttributes', writeId, entryId: base.entryId, baseRev: base.rev, mtime, executable }, target.needs, settle);
      return;
    }
    const needs = new Set([...sent.needs, ...target.needs, ...(await sendBlocks(at, described))]);
    const place = base === undefined ? { entryId: newId(parseEntryId), parentId: target.parentId, name: target.name, baseRev: null } : { entryId: base.entryId, baseRev: base.rev };
    await at.sender.addOperation({ op: 'putFile', writeId, ...place, ...described.fields, sizeBytes: before.sizeBytes, mtime, executable }, needs, settle);
  } finally {
    await handle.close();
  }
}

async function sendSmall(at: FileSender, handle: FileHandle, sizeBytes: number, old: Old | undefined): Promise<Sent> {
  const bytes = await readAt(handle, 0, sizeBytes);
  at.progressed(bytes.length);
  if (bytes.length === 0) return { chunks: [], needs: new Set() };
  const digest = digestOf(bytes);
  const chunks = [{ digest, sizeBytes: bytes.length }];
  if (old?.chunks.some((chunk) => chunk.digest === digest) === true) return { chunks, needs: new Set() };
  const windows = old === undefined ? [] : candidateWindows(old.chunks, chunks).map((window) => ({ window, bytes: bytes.subarray(window.offset, window.offset + window.sizeBytes) }));
  const bases = windows.filter((one) => digestOf(one.bytes) === one.window.digest).slice(0, maxBases).map((one) => ({ digest: one.window.digest, bytes: one.bytes }));
  return { chunks, needs: new Set([await at.sender.addBytes('chunk', digest, bytes, bases)]) };
}

async function sendLarge(at: FileSender, handle: FileHandle, old: Old | undefined, whole: boolean): Promise<Sent> {
  const known = new Set(old?.chunks.map((chunk) => chunk.digest));
  const needs = new Set<Batch>();
  const chunks: ChunkRef[] = [];
  const lacked: PlacedChunk[] = [];
  const wanted = at.asker.begin(whole);
  for await (const { digest, bytes, offset } of chunkFile(handle)) {
    at.signal.throwIfAborted();
    at.progressed(bytes.length);
    chunks.push({ digest, sizeBytes: bytes.length });
    if (known.has(digest)) continue;
    const chunk = { digest, offset, sizeBytes: bytes.length };
    // With an old version, what changed is known only at the end: then it is read again, as deltas against what did not.
    if (old !== undefined) lacked.push(chunk);
    else for (const missing of await wanted.offer({ ...chunk, bytes })) needs.add(await sendChunk(at, handle, missing, []));
  }
  if (old === undefined) {
    for (const missing of await wanted.rest()) needs.add(await sendChunk(at, handle, missing, []));
    return { chunks, needs: withCarriers(at, chunks, needs) };
  }
  const found = await findWindows(handle, candidateWindows(old.chunks, chunks));
  for (const chunk of lacked) {
    const bases = basesFor(chunk, found, maxBases);
    if (bases.length > 0) needs.add(await sendChunk(at, handle, chunk, bases));
    else for (const missing of await wanted.offer(chunk)) needs.add(await sendChunk(at, handle, missing, []));
  }
  for (const missing of await wanted.rest()) needs.add(await sendChunk(at, handle, missing, []));
  return { chunks, needs: withCarriers(at, chunks, needs) };
}

/** Chunks that another file of this run has brought must have arrived too. */
function withCarriers(at: FileSender, chunks: readonly ChunkRef[], needs: Set<Batch>): Set<Batch> {
  for (const { digest } of chunks) {
    const carrier = at.sender.carrierOf(digest);
    if (carrier !== undefined) needs.add(carrier);
  }
  return needs;
}

async function sendChunk(at: FileSender, handle: FileHandle, chunk: PlacedChunk, windows: readonly Window[]): Promise<Batch> {
  const bytes = chunk.bytes ?? (await readChunkAt(handle, chunk));
  if (bytes === undefined) throw new FileChanged();
  const bases = await Promise.all(windows.map(async (window) => ({ digest: window.digest, bytes: await readAt(handle, window.offset, window.sizeBytes) })));
  return at.sender.addBytes('chunk', chunk.digest, bytes, bases);
}

async function findWindows(handle: FileHandle, candidates: readonly Window[]): Promise<Window[]> {
  const found: Window[] = [];
  for (const window of candidates) {
    if (found.some((one) => one.digest === window.digest)) continue;
    if ((await readChunkAt(handle, window)) !== undefined) found.push(window);
  }
  return found;
}

async function sendBlocks(at: FileSender, described: Description): Promise<Batch[]> {
  const carriers: Batch[] = [];
  for (const { digest, bytes } of described.blocks) carriers.push(await at.sender.addBytes('list', digest, bytes));
  return carriers;
}
