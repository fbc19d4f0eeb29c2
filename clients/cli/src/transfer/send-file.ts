import type { FileHandle } from 'node:fs/promises';
import type { Client } from '@driftbox/api-client';
import { chunkFile, digestOf, maxBases } from '@driftbox/chunking';
import { parseEntryId, parseWriteId } from '@driftbox/domain';
import type { ChunkRef, Digest, EntryId } from '@driftbox/domain';
import type { Drive, WireOutcome } from '@driftbox/protocol';
import { newId } from '../new-id.ts';
import type { Batch } from './batch.ts';
import type { BatchSender, Outgoing } from './batch-sender.ts';
import { basesFor, candidateWindows } from './candidate-windows.ts';
import type { Window } from './candidate-windows.ts';
import { describeContent } from './describe-content.ts';
import { FileChanged, openForReading, readAt, readChunkAt } from './local-bytes.ts';
import type { Asker, PlacedChunk } from './asker.ts';
import type { FileStep } from './plan-put.ts';
import { readChunkList } from './read-chunk-list.ts';
import { fileFacts } from './walk-tree.ts';

/** A file of at most this many bytes is one chunk, read whole. */
const oneChunkBytes = 2 ** 20;
/** Bytes of one file that wait for its operation, to travel with it; more are sent ahead. */
const ownBytes = 4 * 2 ** 20;

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
/**
 * Sends what the server lacks of one file, then its operation. `whole` sends everything as it is, for a server that has just
 * said that it lacks chunks. Throws `FileChanged`, or what the file system or server say.
 */
export async function sendFile(
  at: FileSender,
  step: FileStep,
  target: Target,
  whole: boolean,
  settle: (outcome: WireOutcome) => void,
): Promise<void> {
  const { item, base } = step;
  const handle = await openForReading(item.path);
  try {
    const before = fileFacts(await handle.stat());
    const old = base === undefined || whole ? undefined : { listId: base.listId, chunks: await readChunkList(at.client, at.drive, base) };
    const parcel = new Parcel(at.sender);
    const small = before.sizeBytes <= oneChunkBytes;
    const chunks = small
      ? await readSmall(at, handle, before.sizeBytes, old, parcel)
      : await readLarge(at, handle, before.sizeBytes, old, whole, parcel);
    const after = fileFacts(await handle.stat());
    const read = chunks.reduce((sum, chunk) => sum + chunk.sizeBytes, 0);
    if (after.mtimeMs !== before.mtimeMs || after.sizeBytes !== before.sizeBytes || read !== before.sizeBytes) throw new FileChanged();
    const described = describeContent(chunks, old);
    const mtime = new Date(before.mtimeMs).toISOString();
    const { executable } = before;
    const writeId = newId(parseWriteId);
    if (base !== undefined && described.listId === base.listId && !whole) {
      if (mtime === base.mtime && executable === base.executable)
        return settle({ outcome: 'committed', entryId: base.entryId, rev: base.rev, seq: base.seq });
      const attributes = { op: 'setAttributes' as const, writeId, entryId: base.entryId, baseRev: base.rev, mtime, executable };
      await at.sender.commit(attributes, [], target.needs, settle);
      return;
    }
    for (const { digest, bytes } of described.blocks) parcel.needs.add(await at.sender.upload({ kind: 'list', digest, bytes }));
    parcel.needCarriers(chunks);
    const needs = [...parcel.needs, ...target.needs];
    const place =
      base === undefined
        ? { entryId: newId(parseEntryId), parentId: target.parentId, name: target.name, baseRev: null }
        : { entryId: base.entryId, baseRev: base.rev };
    await at.sender.commit(
      { op: 'putFile', writeId, ...place, ...described.fields, sizeBytes: before.sizeBytes, mtime, executable },
      parcel.own,
      needs,
      settle,
    );
  } finally {
    await handle.close();
  }
}

/** The bytes of one file on their way: kept for its operation while they are few, sent ahead once they are not. */
class Parcel {
  readonly needs = new Set<Batch>();
  readonly #sender: BatchSender;
  #own: Outgoing[] = [];
  #bytes = 0;
  #ahead = false;

  constructor(sender: BatchSender) {
    this.#sender = sender;
  }

  get own(): readonly Outgoing[] {
    return this.#own;
  }

  async add(outgoing: Outgoing): Promise<void> {
    this.#own.push(outgoing);
    this.#bytes += outgoing.bytes.length;
    this.#ahead ||= this.#bytes > ownBytes;
    if (!this.#ahead) return;
    for (const one of this.#own.splice(0)) this.needs.add(await this.#sender.upload(one));
  }

  /** Chunks that another file of this run has brought must have arrived too. */
  needCarriers(chunks: readonly ChunkRef[]): void {
    for (const { digest } of chunks) {
      const carrier = this.#sender.carrierOf(digest);
      if (carrier !== undefined) this.needs.add(carrier);
    }
  }
}

async function readSmall(at: FileSender, handle: FileHandle, sizeBytes: number, old: Old | undefined, parcel: Parcel): Promise<ChunkRef[]> {
  const bytes = await readAt(handle, 0, sizeBytes);
  at.progressed(bytes.length);
  if (bytes.length === 0) return [];
  const digest = digestOf(bytes);
  const chunks = [{ digest, sizeBytes: bytes.length }];
  if (old?.chunks.some((chunk) => chunk.digest === digest) === true) return chunks;
  const bases = (old === undefined ? [] : candidateWindows(old.chunks, chunks))
    .map((window) => ({ digest: window.digest, bytes: bytes.subarray(window.offset, window.offset + window.sizeBytes) }))
    .filter((base, index, all) => digestOf(base.bytes) === base.digest && all.findIndex((one) => one.digest === base.digest) === index);
  await parcel.add({ kind: 'chunk', digest, bytes, bases: bases.slice(0, maxBases) });
  return chunks;
}

async function readLarge(
  at: FileSender,
  handle: FileHandle,
  sizeBytes: number,
  old: Old | undefined,
  whole: boolean,
  parcel: Parcel,
): Promise<ChunkRef[]> {
  const known = new Set(old?.chunks.map((chunk) => chunk.digest));
  const chunks: ChunkRef[] = [];
  const lacked: PlacedChunk[] = [];
  const wanted = at.asker.begin(whole || sizeBytes <= ownBytes);
  const send = async (some: readonly PlacedChunk[]): Promise<void> => {
    for (const chunk of some) await sendChunk(handle, chunk, [], parcel);
  };
  for await (const { digest, bytes, offset } of chunkFile(handle)) {
    at.signal.throwIfAborted();
    at.progressed(bytes.length);
    chunks.push({ digest, sizeBytes: bytes.length });
    if (known.has(digest) || at.sender.carrierOf(digest) !== undefined) continue;
    const chunk = { digest, offset, sizeBytes: bytes.length };
    // With an old version, what changed is known only at the end: then it is read again, as deltas against what did not.
    if (old === undefined) await send(await wanted.offer({ ...chunk, bytes }));
    else lacked.push(chunk);
  }
  const found = old === undefined ? [] : await findWindows(handle, candidateWindows(old.chunks, chunks));
  for (const chunk of lacked) {
    const bases = basesFor(chunk, found, maxBases);
    if (bases.length > 0) await sendChunk(handle, chunk, bases, parcel);
    else await send(await wanted.offer(chunk));
  }
  await send(await wanted.rest());
  return chunks;
}

async function sendChunk(handle: FileHandle, chunk: PlacedChunk, windows: readonly Window[], parcel: Parcel): Promise<void> {
  const bytes = chunk.bytes ?? (await readChunkAt(handle, chunk));
  if (bytes === undefined) throw new FileChanged();
  const bases = await Promise.all(
    windows.map(async (window) => ({ digest: window.digest, bytes: await readAt(handle, window.offset, window.sizeBytes) })),
  );
  await parcel.add({ kind: 'chunk', digest: chunk.digest, bytes, bases });
}

async function findWindows(handle: FileHandle, candidates: readonly Window[]): Promise<Window[]> {
  const found: Window[] = [];
  for (const window of candidates) {
    if (found.some((one) => one.digest === window.digest)) continue;
    if ((await readChunkAt(handle, window)) !== undefined) found.push(window);
  }
  return found;
}
