import { decodeFromWire } from '@driftbox/chunking';
import type { StoredChunk } from '@driftbox/chunk-store';
import type { Digest, TenantId } from '@driftbox/domain';
import { decodeFrames, defaultFrameLimits, encodeFrame, FrameError, Problem, type Frame } from '@driftbox/protocol';
import { freeOwn, takeShared } from '@driftbox/threads';
import { beginStream } from './begin-stream.ts';
import type { Context } from './context.ts';
import { encodeStored } from './encode-stored.ts';
import { freeBytes } from './free-bytes.ts';
import { gatherFrames } from './gather-frames.ts';
import { readAhead } from './read-ahead.ts';
import { storeAnew } from './store-anew.ts';
import { findDamaged } from './store/find-damaged.ts';
import { findPlaces } from './store/find-places.ts';
import { reviveChunks } from './store/revive-chunks.ts';

/** Chunks of a tenant whoever refers to them, condemned ones too, in the order asked. Throws `chunk_missing` and `content_damaged`. */
export async function readTenantChunks(
  context: Context,
  tenantId: TenantId,
  digests: readonly Digest[],
  signal: AbortSignal,
): Promise<AsyncIterable<Uint8Array>> {
  const { places } = await findPlaces(context.database, tenantId, digests);
  const missing = digests.filter((digest) => !places.has(digest));
  if (missing.length > 0) throw new Problem('chunk_missing', undefined, { details: { digests: missing } });
  const wanted = digests.map((digest) => places.get(digest)).filter((place) => place !== undefined);
  return beginStream(framesOf(readAhead(context, tenantId, wanted, signal)));
}

async function* framesOf(chunks: AsyncGenerator<StoredChunk>): AsyncGenerator<Uint8Array> {
  for await (const { digest, plainSize, encoding, bytes } of chunks) {
    yield* encodeFrame({ kind: 'chunk', digest, plainSize, encoding, bases: [], payload: bytes });
  }
}

/**
 * Puts chunks into a tenant's pool that nothing need refer to yet: the caller holds collection back. Each is verified; those that
 * are there already stay, but for what is known to be damaged. What was stored before a failure stays too.
 */
export async function writeTenantChunks(
  context: Context,
  tenantId: TenantId,
  body: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): Promise<{ stored: number; already: number }> {
  const done = { stored: 0, already: 0 };
  try {
    for await (const { frames, heldBytes } of gatherFrames(
      decodeFrames(body, defaultFrameLimits, takeShared, freeOwn),
      context.receiving,
      signal,
    )) {
      try {
        const digests = frames.map(({ digest }) => digest);
        const there = await reviveChunks(context.database, tenantId, digests);
        const damaged = new Set(await findDamaged(context.database, tenantId, digests));
        const wanted = new Map(
          frames.filter(({ digest }) => !there.has(digest) || damaged.has(digest)).map((frame) => [frame.digest, frame]),
        );
        const chunks = await Promise.all([...wanted.values()].map(verified));
        await context.pool.store(
          tenantId,
          chunks.filter(({ digest }) => !damaged.has(digest)),
        );
        await storeAnew(
          context,
          tenantId,
          chunks.filter(({ digest }) => damaged.has(digest)),
        );
        done.stored += wanted.size;
        done.already += frames.length - wanted.size;
        freeBytes(frames.map(({ payload }) => payload));
      } finally {
        context.receiving.release(heldBytes);
      }
    }
  } catch (error) {
    if (!(error instanceof FrameError)) throw error;
    throw new Problem(error.fault === 'oversized' ? 'too_large' : 'invalid_argument', `The body is not frames: ${error.message}`);
  }
  return done;
}

async function verified(frame: Frame): Promise<StoredChunk> {
  if (frame.kind !== 'chunk' || frame.encoding === 'delta') throw new Problem('invalid_argument', 'Only whole chunks are taken here');
  const decoded = await decodeFromWire(frame, frame.payload);
  if (!decoded.ok) throw new Problem('digest_mismatch', undefined, { details: { digest: frame.digest } });
  return encodeStored(frame, decoded.bytes);
}
