import { createHash, randomUUID } from 'node:crypto';
import { zstdCompressSync } from 'node:zlib';
import { decodeFrames, encodeFrame, routes, type CommitAnswer, type Frame, type WireOperation } from '@driftbox/protocol';
import type { ChunkRef, Digest, EntryId, UploadId, WriteId } from '@driftbox/domain';
import type { Person } from './world.ts';

export const sha256 = (bytes: Uint8Array): Digest => createHash('sha256').update(bytes).digest('hex') as Digest;
export const newUpload = (): UploadId => randomUUID() as UploadId;

/** A raw chunk frame of some bytes. */
export function chunkFrame(bytes: Uint8Array, over: Partial<Frame> = {}): Frame {
  return { kind: 'chunk', digest: sha256(bytes), plainSize: bytes.length, encoding: 'raw', bases: [], payload: bytes, ...over };
}

export function commitFrame(commit: unknown): Frame {
  const plain = Buffer.from(JSON.stringify(commit));
  const frame = { kind: 'commit', digest: sha256(plain), plainSize: plain.length, bases: [] } as const;
  // As clients do: compressed where that pays.
  return plain.length > 1_000
    ? { ...frame, encoding: 'zstd', payload: zstdCompressSync(plain) }
    : { ...frame, encoding: 'raw', payload: plain };
}

export const refOf = (bytes: Uint8Array): ChunkRef => ({ digest: sha256(bytes), sizeBytes: bytes.length });

/** A putFile of a new top-level file with these chunks. */
export function putFileOperation(
  rootId: string,
  name: string,
  chunkList: readonly ChunkRef[],
  over: Partial<Extract<WireOperation, { op: 'putFile' }>> = {},
): WireOperation {
  return {
    op: 'putFile',
    writeId: randomUUID() as WriteId,
    entryId: randomUUID() as EntryId,
    parentId: rootId as EntryId,
    name,
    chunkList: [...chunkList],
    sizeBytes: chunkList.reduce((sum, chunk) => sum + chunk.sizeBytes, 0),
    mtime: '2026-01-02T03:04:05.000Z',
    baseRev: null,
    ...over,
  };
}

/** PUT chunks; answers the results in order. */
export async function putFrames(person: Person, uploadId: UploadId, frames: readonly Frame[]): Promise<string[]> {
  const answer = await person.client.stream(routes.putChunks, {
    params: { drive: person.drive },
    query: { uploadId },
    body: frames.flatMap((frame) => encodeFrame(frame)),
  });
  const { results } = (await answer.json()) as { results: { digest: Digest; result: string }[] };
  return results.map(({ result }) => result);
}

export function commitJson(
  person: Person,
  operations: readonly WireOperation[],
  over: { uploadId?: UploadId; atomic?: boolean } = {},
): Promise<CommitAnswer> {
  return person.client.call(routes.postCommit, {
    params: { drive: person.drive },
    body: { driveEpoch: person.epoch, operations: operations as never, ...over },
  });
}

/** Chunks and their commit in one request. */
export async function commitFrames(
  person: Person,
  chunks: readonly Frame[],
  operations: readonly WireOperation[],
  over: { uploadId?: UploadId } = {},
): Promise<CommitAnswer> {
  const frames = [...chunks, commitFrame({ driveEpoch: person.epoch, operations, ...over })];
  const answer = await person.client.stream(routes.postCommit, {
    params: { drive: person.drive },
    body: frames.flatMap((frame) => encodeFrame(frame)),
  });
  return (await answer.json()) as CommitAnswer;
}

export async function fetchFrames(person: Person, digests: readonly Digest[], have?: Record<string, Digest[]>): Promise<Frame[]> {
  const json = { digests: [...digests], ...(have === undefined ? {} : { have }) };
  const answer = await person.client.stream(routes.fetchChunks, { params: { drive: person.drive }, json });
  const frames: Frame[] = [];
  for await (const frame of decodeFrames(answer.body)) frames.push({ ...frame, payload: new Uint8Array(frame.payload) });
  return frames;
}
