import { chunkStream, encodeForWire, type Chunk } from '@driftbox/chunking';
import type { StoredChunk } from '@driftbox/chunk-store';
import { maxChunkBytes, type ChunkRef, type Digest } from '@driftbox/domain';
import type { Context } from './context.ts';
import type { AtWork } from './possession.ts';
import { damagedAmong, storeAnew } from './store-anew.ts';
import { findPlaces } from './store/find-places.ts';
import { reviveChunks } from './store/revive-chunks.ts';

/** The most one body holds: a chunk that is being stored, plain and encoded, and the next one that is being read. */
export const mostFileBytes = 3 * maxChunkBytes;

/** A file that came in one body: its chunks, all durable, and the proof that they came. */
export type ReceivedFile = { readonly chunks: ChunkRef[]; readonly sizeBytes: number; readonly proven: Set<Digest> };

/**
 * Cuts a body into chunks and makes them durable, one storing while the next is read. Memory: at most `mostFileBytes`, taken
 * from the budget that all requests share. `kept` hears of each chunk in order, once it is durable.
 */
export async function receiveFile(
  context: Context,
  work: AtWork & { readonly signal: AbortSignal },
  body: AsyncIterable<Uint8Array>,
  sizeHint: number | undefined,
  kept: (chunk: ChunkRef) => Promise<void> = async () => {},
): Promise<ReceivedFile> {
  const file = { chunks: [] as ChunkRef[], sizeBytes: 0, proven: new Set<Digest>() };
  const held = Math.min(mostFileBytes, Math.max(64 << 10, 3 * (sizeHint ?? maxChunkBytes)));
  await context.receiving.take(held, work.signal);
  let storing: Promise<void> = Promise.resolve();
  try {
    for await (const chunk of chunkStream(body, sizeHint === undefined ? {} : { sizeHint })) {
      await storing;
      const ref = { digest: chunk.digest, sizeBytes: chunk.bytes.length };
      file.chunks.push(ref);
      file.sizeBytes += chunk.bytes.length;
      const storingOne = file.proven.has(chunk.digest) ? Promise.resolve() : keep(context, work, chunk);
      storing = storingOne.then(() => kept(ref));
      storing.catch(() => {});
      file.proven.add(chunk.digest);
    }
    await storing;
    return file;
  } finally {
    await storing.catch(() => {});
    context.receiving.release(held);
  }
}

async function keep(context: Context, work: AtWork & { readonly signal: AbortSignal }, chunk: Chunk): Promise<void> {
  const found = await findPlaces(context.database, work.tenantId, [chunk.digest]);
  const { places, condemned } = found;
  const isDamaged = (await damagedAmong(context, work.tenantId, found)).has(chunk.digest);
  // Its bytes came whole; that others have them must not show in the time taken.
  if (places.has(chunk.digest) && !condemned.has(chunk.digest) && !isDamaged) return context.timing.imitate(work.signal);
  if (condemned.has(chunk.digest) && !isDamaged && (await reviveChunks(context.database, work.tenantId, [chunk.digest])).size > 0) return;
  const encoded = await encodeForWire(chunk.bytes);
  const stored: StoredChunk = {
    digest: chunk.digest,
    plainSize: chunk.bytes.length,
    encoding: encoded.encoding === 'zstd' ? 'zstd' : 'raw',
    bytes: encoded.bytes,
  };
  const startMs = performance.now();
  await (isDamaged ? storeAnew(context, work.tenantId, [stored]) : context.pool.store(work.tenantId, [stored]));
  context.timing.observe(performance.now() - startMs);
}
