import type { FileHandle } from 'node:fs/promises';
import type { Client } from '@driftbox/api-client';
import { chunkFile, maxBaseBytes, maxBases } from '@driftbox/chunking';
import { diffChunkLists, sizeOf } from '@driftbox/domain';
import type { ChunkRef, Digest } from '@driftbox/domain';
import type { Drive } from '@driftbox/protocol';
import { LocalError } from '../exit-codes.ts';
import { fetchPlain } from './fetch-plain.ts';
import { IncomingFile } from './incoming-file.ts';
import { openForReading, readChunkAt } from './local-bytes.ts';
import type { GetFileStep } from './plan-get.ts';
import type { Progress } from './progress.ts';
import { readChunkList } from './read-chunk-list.ts';
import type { Slots } from './slots.ts';

type Placed = ChunkRef & { readonly offset: number };

export type LargeFileTask = {
  readonly client: Client;
  readonly drive: Drive;
  readonly step: GetFileStep;
  readonly path: string;
  readonly slots: Slots;
  readonly progress: Progress;
  readonly signal: AbortSignal;
};

/** Chunk bytes of one request. */
const requestBytes = 8 * 2 ** 20;

/**
 * Fetches a file of many chunks: those that the file in its place holds are copied, those of an interrupted run are kept if
 * they verify, the rest comes from the server, as deltas against what was in their place. Answers the bytes it took.
 */
export async function getLargeFile(task: LargeFileTask): Promise<number> {
  const { client, drive, step, path, progress } = task;
  const chunks = placed(await readChunkList(client, drive, step.entry));
  if (sizeOf(chunks) !== step.entry.sizeBytes) throw new LocalError('is not as long as the server says');
  const old = step.localSize === undefined ? undefined : await openForReading(path);
  try {
    const held = old === undefined ? [] : await chunksHere(old);
    const file = new IncomingFile(path);
    let fetched = 0;
    try {
      const lacked = await fillFromHere(file, chunks, old, held, progress);
      const bases = basesHere(held, chunks);
      const requests = group(lacked).map((some) => async (): Promise<void> => {
        const got = await fetchInto(task, file, some, old, held, bases);
        fetched += got;
      });
      const running: Promise<void>[] = [];
      for (const request of requests) running.push(...(await task.slots.start(request)));
      await Promise.all(running);
      await file.finish({ sizeBytes: step.entry.sizeBytes, mtimeMs: Date.parse(step.entry.mtime), executable: step.entry.executable });
    } catch (error) {
      // Ctrl-C leaves nothing behind; a broken connection leaves what a rerun can go on from.
      file.abandon(!task.signal.aborted);
      throw error;
    }
    return fetched;
  } finally {
    await old?.close();
  }
}

async function chunksHere(handle: FileHandle): Promise<Placed[]> {
  const held: Placed[] = [];
  for await (const { digest, bytes, offset } of chunkFile(handle)) held.push({ digest, sizeBytes: bytes.length, offset });
  return held;
}

/** Copies what this machine has, and answers what it lacks. */
async function fillFromHere(
  file: IncomingFile,
  chunks: readonly Placed[],
  old: FileHandle | undefined,
  held: readonly Placed[],
  progress: Progress,
): Promise<Placed[]> {
  const places = new Map(held.map((chunk) => [chunk.digest, chunk]));
  const gathered = await openForReading(file.part);
  try {
    const { size } = await gathered.stat();
    const lacked: Placed[] = [];
    for (const chunk of chunks) {
      const place = places.get(chunk.digest);
      if (chunk.offset + chunk.sizeBytes <= size && (await readChunkAt(gathered, chunk)) !== undefined) progress.bytes(chunk.sizeBytes);
      else {
        const bytes = place === undefined || old === undefined ? undefined : await readChunkAt(old, place);
        if (bytes === undefined) lacked.push(chunk);
        else {
          file.write(bytes, chunk.offset);
          progress.bytes(bytes.length);
        }
      }
    }
    return lacked;
  } finally {
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
  old: FileHandle | undefined,
  held: readonly Placed[],
  have: ReadonlyMap<Digest, Digest[]>,
): Promise<number> {
  const { client, drive, signal, progress } = task;
  const places = Map.groupBy(some, (chunk) => chunk.digest);
  const readBase = async (digest: Digest): Promise<Uint8Array> => {
    const place = held.find((chunk) => chunk.digest === digest);
    const bytes = place === undefined || old === undefined ? undefined : await readChunkAt(old, place);
    if (bytes === undefined) throw new LocalError('changed while it was being replaced');
    return bytes;
  };
  let fetched = 0;
  for await (const { digest, bytes, wireBytes } of fetchPlain(client, drive, [...places.keys()], { have, readBase, signal })) {
    fetched += wireBytes;
    for (const chunk of places.get(digest) ?? []) {
      file.write(bytes, chunk.offset);
      progress.bytes(bytes.length);
    }
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
