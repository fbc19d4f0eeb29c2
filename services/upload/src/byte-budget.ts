import assert from 'node:assert/strict';
import { Problem } from '@driftbox/protocol';

/**
 * Bytes of memory that all requests together may hold. Who needs more waits in line, first come first served, and with
 * it the reading of its body: that is the back pressure. Who waits must hold nothing, or two could wait for each other.
 */
export class ByteBudget {
  readonly #waiting: { readonly bytes: number; readonly go: () => void }[] = [];
  readonly #totalBytes: number;
  readonly #maxWaiting: number;
  #freeBytes: number;

  constructor(totalBytes: number, maxWaiting = 1_000) {
    this.#totalBytes = totalBytes;
    this.#freeBytes = totalBytes;
    this.#maxWaiting = maxWaiting;
  }

  /** Bytes not held at the moment. */
  get freeBytes(): number {
    return this.#freeBytes;
  }

  /** How many wait for bytes. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** Takes bytes if they are free and nobody waits. Who got `true` must `release` as many. */
  tryTake(bytes: number): boolean {
    assert(bytes <= this.#totalBytes, 'more than there is');
    if (this.#waiting.length > 0 || bytes > this.#freeBytes) return false;
    this.#freeBytes -= bytes;
    return true;
  }

  /** Waits for bytes. Throws `unavailable` when the line is full, and the signal's reason when it aborts. */
  async take(bytes: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (this.tryTake(bytes)) return;
    if (this.#waiting.length >= this.#maxWaiting) throw new Problem('unavailable', 'Too many transfers at once', { retryAfterSeconds: 2 });
    const turn = Promise.withResolvers<void>();
    const waiter = { bytes, go: turn.resolve };
    const onAbort = (): void => {
      const at = this.#waiting.indexOf(waiter);
      if (at < 0) return;
      this.#waiting.splice(at, 1);
      turn.reject(signal.reason);
      this.#admit();
    };
    this.#waiting.push(waiter);
    signal.addEventListener('abort', onAbort, { once: true });
    await turn.promise.finally(() => signal.removeEventListener('abort', onAbort));
  }

  /** Gives bytes back and lets the next in line go on. */
  release(bytes: number): void {
    this.#freeBytes += bytes;
    assert(this.#freeBytes <= this.#totalBytes, 'released more than was taken');
    this.#admit();
  }

  #admit(): void {
    for (let next = this.#waiting[0]; next !== undefined && next.bytes <= this.#freeBytes; next = this.#waiting[0]) {
      this.#waiting.shift();
      this.#freeBytes -= next.bytes;
      next.go();
    }
  }
}
