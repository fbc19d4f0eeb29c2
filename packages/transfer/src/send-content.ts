import { digestOf, maxBases } from '@driftbox/chunking';
import { listIdOf } from '@driftbox/domain';
import type { ChunkRef, Digest } from '@driftbox/domain';
import { giveShared } from '@driftbox/threads';
import type { Asker, PlacedChunk } from './asker.ts';
import type { BatchSender } from './batch-sender.ts';
import { basesFor, candidateWindows } from './candidate-windows.ts';
import type { Window } from './candidate-windows.ts';
import { readAt, readChunkAt } from './local-bytes.ts';
import type { LocalFile } from './local-bytes.ts';
import { FileChanged } from './local-error.ts';
import { ownBytes } from './parcel.ts';
import type { Parcel } from './parcel.ts';
import { readChunks } from './read-chunks.ts';

/** What sending needs to know of the run that it is part of. */
export type ContentSender = {
  readonly sender: BatchSender;
  readonly asker: Asker;
  readonly signal: AbortSignal;
  /** Called as bytes of the file are done with, sent or not. */
  readonly progressed: (plainBytes: number) => void;
};

/** An earlier content of the file that the server holds. */
export type OldContent = { readonly listId: Digest; readonly chunks: readonly ChunkRef[] };

/** A file that is sent: its open handle, its size when it was opened, what the server holds of it, and whether to send all. */
export type ContentToSend = {
  readonly handle: LocalFile;
  readonly sizeBytes: number;
  readonly old: OldContent | undefined;
  readonly whole: boolean;
};

/** The chunks that were read, and whether the server has their list already, so that its id alone tells it. */
export type ContentSent = { readonly chunks: readonly ChunkRef[]; readonly hasList: boolean };

/** A file of at most this many bytes is one chunk, read whole. */
const oneChunkBytes = 2 ** 20;

/**
 * Reads a file once, cuts it, and puts into the parcel what the server may lack of it. Answers what was read.
 * The caller compares size and time afterwards: what was read of a file that changed meanwhile is nobody's content.
 */
export async function sendContent(at: ContentSender, content: ContentToSend, parcel: Parcel): Promise<ContentSent> {
  if (content.sizeBytes > oneChunkBytes) return sendLarge(at, content, parcel);
  return { chunks: await sendSmall(at, content, parcel), hasList: false };
}

async function sendSmall(at: ContentSender, { handle, sizeBytes, old }: ContentToSend, parcel: Parcel): Promise<ChunkRef[]> {
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

async function sendLarge(at: ContentSender, { handle, sizeBytes, old, whole }: ContentToSend, parcel: Parcel): Promise<ContentSent> {
  const known = new Set(old?.chunks.map((chunk) => chunk.digest));
  const chunks: ChunkRef[] = [];
  const lacked: PlacedChunk[] = [];
  const wanted = at.asker.begin(whole || sizeBytes <= ownBytes);
  const send = async (some: readonly PlacedChunk[]): Promise<void> => {
    for (const chunk of some) await sendChunk(handle, chunk, [], parcel);
  };
  for await (const { digest, bytes, offset } of readChunks(handle)) {
    at.signal.throwIfAborted();
    at.progressed(bytes.length);
    chunks.push({ digest, sizeBytes: bytes.length });
    const isSent = known.has(digest) || at.sender.carrierOf(digest) !== undefined;
    if (isSent || old !== undefined) giveShared(bytes);
    if (isSent) continue;
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
  const rest = await wanted.rest(() => listIdOf(chunks, digestOf));
  await send(rest.chunks);
  return { chunks, hasList: rest.hasList };
}

async function sendChunk(handle: LocalFile, chunk: PlacedChunk, windows: readonly Window[], parcel: Parcel): Promise<void> {
  const bytes = chunk.bytes ?? (await readChunkAt(handle, chunk));
  if (bytes === undefined) throw new FileChanged();
  const bases = await Promise.all(
    windows.map(async (window) => ({ digest: window.digest, bytes: await readAt(handle, window.offset, window.sizeBytes) })),
  );
  await parcel.add({ kind: 'chunk', digest: chunk.digest, bytes, bases });
}

async function findWindows(handle: LocalFile, candidates: readonly Window[]): Promise<Window[]> {
  const found: Window[] = [];
  for (const window of candidates) {
    if (found.some((one) => one.digest === window.digest)) continue;
    const bytes = await readChunkAt(handle, window);
    if (bytes === undefined) continue;
    giveShared(bytes);
    found.push(window);
  }
  return found;
}
