import { PieceCutter } from '@driftbox/chunking';
import type { Chunk, Piece } from '@driftbox/chunking';
import type { ChunkRef, Digest } from '@driftbox/domain';
import { digestBytes, giveShared, takeShared } from '@driftbox/threads';
import type { LocalFile } from './local-bytes.ts';

type Hashing = Piece & { readonly digest: Promise<Digest> };

/** Chunks that threads hash, beside the one that is waited for, while the next is read and cut: each is memory. */
const ahead = 2;

/**
 * The chunks of an open file, from its start, in order. Their bytes are the taker's, who gives them back (`giveShared`).
 * Reads and hashes a little ahead of what was taken. A file that changes meanwhile gives chunks of what was read.
 */
export async function* readChunks(file: LocalFile): AsyncGenerator<Chunk, void> {
  const hashing: Hashing[] = [];
  try {
    for await (const piece of readPieces(file)) {
      hashing.push(hash(piece));
      if (hashing.length > ahead) yield await first(hashing);
    }
    while (hashing.length > 0) yield await first(hashing);
  } finally {
    // Left early: what threads may still be looking at is given back once they are done.
    for (const { bytes, digest } of hashing) await digest.then(() => giveShared(bytes)).catch(() => undefined);
  }
}

/** The same without the bytes: what the file holds, and where. */
export async function listChunks(file: LocalFile): Promise<(ChunkRef & { readonly offset: number })[]> {
  const chunks: (ChunkRef & { readonly offset: number })[] = [];
  for await (const { digest, bytes, offset } of readChunks(file)) {
    chunks.push({ digest, sizeBytes: bytes.length, offset });
    giveShared(bytes);
  }
  return chunks;
}

async function* readPieces(file: LocalFile): AsyncGenerator<Piece, void> {
  const size = Number(file.stat().size);
  // One byte more, so that noticing the end of the file needs no larger buffer.
  const cutter = new PieceCutter({ sizeHint: size + 1, allocate: takeShared, free: giveShared });
  let position = 0;
  for (;;) {
    // Beyond the size that was asked one byte is enough to notice that the file ended or grew.
    const room = cutter.room(Math.max(1, size - position));
    const bytesRead = await file.read(room, position);
    if (bytesRead === 0) break;
    position += bytesRead;
    yield* cutter.filled(bytesRead);
  }
  const last = cutter.finish();
  if (last !== undefined) yield last;
}

function hash(piece: Piece): Hashing {
  const digest = digestBytes(piece.bytes) as Promise<Digest>;
  // Observed when its turn comes; until then a failure must not count as unhandled.
  digest.catch(() => undefined);
  return { ...piece, digest };
}

async function first(hashing: Hashing[]): Promise<Chunk> {
  const next = hashing.shift();
  if (next === undefined) throw new TypeError('nothing is being hashed');
  return { digest: await next.digest, bytes: next.bytes, offset: next.offset };
}
