import type { FrameLocation } from './pack-format.ts';
import type { StoredChunk } from './pack-writer.ts';

/** Bounds of a batcher; all have defaults. */
export type BatcherOptions = {
  /** Encrypted bytes held at once, packs being written included. At least one large chunk. */
  readonly maxBufferedBytes?: number;
  /** How long a finished request waits for others of its tenant to share its pack. */
  readonly maxWaitMs?: number;
  /** Packs written at once. */
  readonly maxWrites?: number;
  /** Encoded bytes from which on a chunk is a pack alone. */
  readonly aloneBytes?: number;
  /** How long `add` waits for memory, and how many may wait. */
  readonly acceptDeadlineMs?: number;
  readonly maxWaiting?: number;
  /** The clock of `maxWaitMs`; answers how to stop it. Tests hand in their own. */
  readonly after?: (ms: number, run: () => void) => () => void;
};

/** One request's way into packs. */
export interface PackRequest {
  /**
   * Encrypts a chunk into a pack. Waits while memory is short (back pressure). The chunk's bytes are free afterwards, in
   * shared memory once the request has finished.
   */
  add(chunk: StoredChunk): Promise<void>;
  /**
   * Ends the request: one location per added chunk, in order, once all are durable. Rejects with the `StoreError` of a
   * pack that could not be written; then none of the chunks may be relied on, and a new request takes new pack ids.
   */
  finish(): Promise<FrameLocation[]>;
  /** Ends the request without its chunks. What others share is still written. Harmless after `finish`. */
  abandon(): void;
}
