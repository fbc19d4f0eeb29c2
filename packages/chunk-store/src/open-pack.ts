import type { DataKey } from './data-key.ts';
import { PackWriter } from './pack-writer.ts';
import type { SealedPack, StoredChunk } from './pack-writer.ts';

/** A pack between its first chunk and its durable end, shared by the requests whose chunks are in it. */
export class OpenPack {
  /** Memory that it holds in the batcher's budget. */
  heldBytes = 0;
  /** Stops the clock that seals it, once one runs. */
  stopTimer: (() => void) | undefined;
  /** Requests that still count on it. */
  readonly requests = new Set<object>();
  /** Resolves when the pack is durable, with where its frames lie. */
  readonly durable: Promise<SealedPack>;
  readonly #writer: PackWriter;
  readonly #settle: { resolve(pack: SealedPack): void; reject(error: unknown): void };

  constructor(key: DataKey) {
    this.#writer = new PackWriter(key);
    const { promise, resolve, reject } = Promise.withResolvers<SealedPack>();
    // Whoever has chunks in it awaits it in `finish`; until then a failure must not count as unhandled.
    promise.catch(() => undefined);
    this.durable = promise;
    this.#settle = { resolve, reject };
  }

  /** Whether a chunk of so many encoded bytes may join. */
  fits(encodedBytes: number): boolean {
    return this.#writer.fits(encodedBytes);
  }

  /** Encrypts a chunk of a request and answers its frame's index. */
  add(request: object, chunk: StoredChunk): number {
    this.requests.add(request);
    return this.#writer.add(chunk);
  }

  /** Seals it, hands the ciphertext to `write`, and tells everyone what became of it. Never rejects. */
  async flush(write: (pack: SealedPack) => Promise<void>): Promise<void> {
    this.stopTimer?.();
    try {
      await this.#writer.sealed();
      const sealed = this.#writer.finish();
      await write(sealed);
      this.#settle.resolve(sealed);
    } catch (error) {
      this.#settle.reject(error);
    }
  }
}
