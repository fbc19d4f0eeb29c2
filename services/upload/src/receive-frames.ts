import { decodeFrames, defaultFrameLimits, FrameError, Problem, type Frame } from '@driftbox/protocol';
import { decodeFromWire } from '@driftbox/chunking';
import type { Digest, UploadId } from '@driftbox/domain';
import { freeOwn, takeShared } from '@driftbox/threads';
import type { Context } from './context.ts';
import { freeBytes } from './free-bytes.ts';
import { gatherFrames, type FrameBatch } from './gather-frames.ts';
import type { AtWork } from './possession.ts';
import { receiveBatch } from './receive-batch.ts';
import { present } from './present.ts';

/** What became of one frame. */
export type ReceiveResult = 'stored' | 'already' | 'digest_mismatch' | 'base_missing';
/** What a body has come to so far. */
export type Received = {
  readonly results: { readonly digest: Digest; readonly result: ReceiveResult }[];
  /** Chunks and list blocks whose bytes this body proved to the drive. */
  readonly proven: Set<Digest>;
  /** The list blocks among them. */
  readonly blocks: Set<Digest>;
  /** The JSON of the commit that ended the body, verified against its digest. */
  commit?: Uint8Array;
};

/** How a body is received. */
export type Receiving = AtWork & {
  readonly signal: AbortSignal;
  /** Where list blocks go, and proofs if `keepProofs`. */
  readonly uploadId: UploadId;
  /** False when the body ends in its own commit: then the body itself is the proof, and nothing need be written. */
  readonly keepProofs: boolean;
};

/**
 * Receives a body of frames: verifies each, makes chunks durable, hands list blocks to metadata. Results are in the order
 * sent, and only of what survives any crash. The next frames are read while a batch is worked on; memory stays within
 * the budget whatever the body. Throws `invalid_argument` and `too_large` for what are no frames, after storing those before.
 */
export async function receiveFrames(context: Context, receiving: Receiving, body: AsyncIterable<Uint8Array>): Promise<Received> {
  const received: Received = { results: [], proven: new Set(), blocks: new Set() };
  const batches = gatherFrames(decodeFrames(body, defaultFrameLimits, takeShared, freeOwn), context.receiving, receiving.signal);
  let next: ReturnType<typeof batches.next> | undefined = batches.next();
  try {
    for (;;) {
      const { done, value } = await next;
      next = undefined;
      if (done === true) return received;
      next = batches.next();
      // Observed again when awaited; until then a failure of the body must not count as unhandled.
      next.catch(() => {});
      await takeBatch(context, receiving, received, value);
    }
  } catch (error) {
    throw asProblem(error);
  } finally {
    const pending = await next?.catch(() => undefined);
    if (pending?.done === false) context.receiving.release(pending.value.heldBytes);
    await batches.return(undefined);
  }
}

async function takeBatch(context: Context, receiving: Receiving, received: Received, batch: FrameBatch): Promise<void> {
  try {
    const last = present(batch.frames.at(-1), 'a batch is not empty');
    const frames = last.kind === 'commit' ? batch.frames.slice(0, -1) : batch.frames;
    if (frames.length > 0) await receiveBatch(context, receiving, received, frames);
    if (last.kind === 'commit') received.commit = await verifiedCommit(last, receiving);
    // Only after success: after a failure the codec's threads may still be reading other frames of the batch.
    freeBytes(frames.map((frame) => frame.payload));
  } finally {
    context.receiving.release(batch.heldBytes);
  }
}

async function verifiedCommit(frame: Frame, receiving: Receiving): Promise<Uint8Array> {
  if (receiving.keepProofs) throw new Problem('invalid_argument', 'A commit frame belongs into a commit');
  const decoded = frame.encoding === 'delta' ? undefined : await decodeFromWire(frame, frame.payload);
  if (decoded?.ok !== true) throw new Problem('digest_mismatch', 'The commit does not match its digest');
  return decoded.bytes;
}

function asProblem(error: unknown): unknown {
  if (!(error instanceof FrameError)) return error;
  return new Problem(error.fault === 'oversized' ? 'too_large' : 'invalid_argument', `The body is not frames: ${error.message}`, {
    cause: error,
  });
}
