import type { BigIntStats } from 'node:fs';
import type { Client } from '@driftbox/api-client';
import { maxBaseBytes, maxBases } from '@driftbox/chunking';
import { diffChunkLists, sizeOf } from '@driftbox/domain';
import type { ChunkRef, Digest } from '@driftbox/domain';
import type { Drive, Entry } from '@driftbox/protocol';
import { giveShared } from '@driftbox/threads';
import { fetchPlain } from './fetch-plain.ts';
import type { FileFacts } from './file-facts.ts';
import { IncomingFile } from './incoming-file.ts';
import type { Placement } from './incoming-file.ts';
import { LocalFile, readChunkAt } from './local-bytes.ts';
import { LocalError } from './local-error.ts';
import { readChunkList } from './read-chunk-list.ts';
import { listChunks } from './read-chunks.ts';
import { Slots } from './slots.ts';

type Placed = ChunkRef & { readonly offset: number };

/** What the server says of a file to fetch. */
export type RemoteFile = Pick<Extract<Entry, { kind: 'file' }>, 'listId' | 'chunks' | 'sizeBytes' | 'mtime' | 'executable'>;

/** One file to fetch, to where, and what may be used of it already. */
export type LargeFileTask = {
  readonly client: Client;
  readonly drive: Drive;
  readonly file: RemoteFile;
  readonly placement: Placement;
  /** A file on this machine that may hold some of its chunks: what it replaces, or another one. */
  readonly old: string | undefined;
  /** The chunks that the old file is known to have, in order: then it is not read to find out. Each is verified when it is used. */
  readonly held?: readonly ChunkRef[] | undefined;
  /** Where its requests find a place beside those of other files. */
  readonly slots: Slots;
  readonly signal: AbortSignal;
  /** Called as plain bytes are in the temporary file. */
  readonly progressed: (plainBytes: number) => void;
};

/** A file that was put in its place: what it looks like there, and the bytes it took on the wire. */
export type LargeFileDone = { readonly stat: BigIntStats; readonly fetchedBytes: number };

/** Chunk bytes of one request. */
const requestBytes = 8 * 2 ** 20;
/** Chunks that are copied at once: one is read or written while others are hashed. Each is memory. */
const copiesAtOnce = 4;

/**
 * Fetches a file of many chunks: those that the old file holds are copied, those of an interrupted run are kept if they
 * verify, the rest comes from the server, as deltas against what was in their place. Throws what the placement's `confirm`
 * throws, `LocalError`, or what file system or server say; the place is then as it was.
 */
export async function getLargeFile(task: LargeFileTask): Promise<LargeFileDone> {
  const { client, drive } = task;
  const chunks = placed(await readChunkList(client, drive, task.file));
  if (sizeOf(chunks) !== task.file.sizeBytes) throw new LocalError('is not as long as the server says');
  const old = task.old === undefined ? undefined : new LocalFile(task.old);
  try {
    const held = old === undefined ? [] : task.held === undefined ? await listChunks(old) : placed(task.held);
    const file = new IncomingFile(task.placement);
    let fetchedBytes = 0;
    try {
      const lacked = await fillFromHere(task, file, chunks, old, held);
      const bases = basesHere(held, chunks);
      // Failures are this file's: where requests find their places they would end those of other files.
      const failures: unknown[] = [];
      const requests = group(lacked).map((some) => async (): Promise<void> => {
        if (failures.length > 0) return;
        await fetchInto(task, file, some, old, held, bases).then(
          (got) => (fetchedBytes += got),
          (error: unknown) => failures.push(error),
        );
      });
      const running: Promise<void>[] = [];
      for (const request of requests) running.push(...(await task.slots.start(request)));
      await Promise.all(running);
      if (failures.length > 0) throw failures[0];
      const stat = await file.finish(factsOf(task.file));
      return { stat, fetchedBytes };
    } catch (error) {
      // Ctrl-C leaves nothing behind; a broken connection leaves what a rerun can go on from.
      await file.abandon(!task.signal.aborted);
      throw error;
    }
  } finally {
    await old?.close();
  }
}

/** What a fetched file is to look like. */
export function factsOf({ sizeBytes, mtime, executable }: RemoteFile): FileFacts {
  return { sizeBytes, mtimeMs: Date.parse(mtime), executable };
}

/** Copies what this machine has, several chunks at once, and answers what it lacks. */
async function fillFromHere(
  { progressed, signal }: LargeFileTask,
  file: IncomingFile,
  chunks: readonly Placed[],
  old: LocalFile | undefined,
  held: readonly Placed[],
): Promise<Placed[]> {
  const places = new Map(held.map((chunk) => [chunk.digest, chunk]));
  const gathered = new LocalFile(file.temporary);
  const copies = new Slots(copiesAtOnce);
  const here = new Set<Placed>();
  try {
    const sizeBytes = Number(gathered.stat().size);
    const copy = async (chunk: Placed): Promise<void> => {
      const place = places.get(chunk.digest);
      const kept = chunk.offset + chunk.sizeBytes <= sizeBytes ? await readChunkAt(gathered, chunk) : undefined;
      const copied = kept !== undefined || place === undefined || old === undefined ? undefined : await readChunkAt(old, place);
      if (copied !== undefined) await file.write(copied, chunk.offset);
      const bytes = kept ?? copied;
      if (bytes === undefined) return;
      here.add(chunk);
      progressed(bytes.length);
      giveShared(bytes);
    };
    for (const chunk of chunks) {
      signal.throwIfAborted();
      void (await copies.start(() => copy(chunk)));
    }
    await copies.drain();
    return chunks.filter((chunk) => !here.has(chunk));
  } finally {
    // After a failure too, nobody reads from what is closed.
    await copies.drain().catch(() => undefined);
    await gathered.close();
  }
}

/** For each chunk that an edit brought, the chunks that it took out: what a delta may be told against. */
function basesHere(held: readonly Placed[], chunks: readonly Placed[]): Map<Digest, Digest[]> {
  const bases = new Map<Digest, Digest[]>();
  if (held.length === 0) return bases;
  for (const { at, remove, insert } of diffChunkLists(held, chunks)) {
    const taken: Placed[] = [];
    for (const chunk of held.slice(at, at + Math.min(remove, maxBases))) if (sizeOf([...taken, chunk]) <= maxBaseBytes) taken.push(chunk);
    if (taken.length > 0)
      for (const chunk of insert)
        bases.set(
          chunk.digest,
          taken.map((one) => one.digest),
        );
  }
  return bases;
}

function group(lacked: readonly Placed[]): Placed[][] {
  const groups: Placed[][] = [];
  let last: Placed[] = [];
  let bytes = Infinity;
  for (const chunk of lacked) {
    if (bytes + chunk.sizeBytes > requestBytes) {
      last = [];
      groups.push(last);
      bytes = 0;
    }
    last.push(chunk);
    bytes += chunk.sizeBytes;
  }
  return groups;
}

async function fetchInto(
  task: LargeFileTask,
  file: IncomingFile,
  some: readonly Placed[],
  old: LocalFile | undefined,
  held: readonly Placed[],
  have: ReadonlyMap<Digest, Digest[]>,
): Promise<number> {
  const { client, drive, signal, progressed } = task;
  const places = Map.groupBy(some, (chunk) => chunk.digest);
  const readBase = async (digest: Digest): Promise<Uint8Array> => {
    const place = held.find((chunk) => chunk.digest === digest);
    const bytes = place === undefined || old === undefined ? undefined : await readChunkAt(old, place);
    // No longer there: against nothing the delta does not decode, and the chunk is asked for whole.
    return bytes ?? new Uint8Array(0);
  };
  let fetched = 0;
  for await (const { digest, bytes, wireBytes } of fetchPlain(client, drive, [...places.keys()], { have, readBase, signal })) {
    fetched += wireBytes;
    for (const chunk of places.get(digest) ?? []) {
      await file.write(bytes, chunk.offset);
      progressed(bytes.length);
    }
    giveShared(bytes);
  }
  return fetched;
}

function placed(chunks: readonly ChunkRef[]): Placed[] {
  let offset = 0;
  return chunks.map((chunk) => {
    const at = offset;
    offset += chunk.sizeBytes;
    return { ...chunk, offset: at };
  });
}
