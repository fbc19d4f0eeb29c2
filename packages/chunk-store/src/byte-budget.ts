import { strict as assert } from 'node:assert';
import { StoreError } from './store-error.ts';

type Waiter = { readonly bytes: number; readonly grant: () => void };

/** A bound on memory, shared fairly: who asks for more than is left waits in line, up to a deadline. */
export class ByteBudget {
  readonly #waiting: Waiter[] = [];
  readonly #totalBytes: number;
  readonly #maxWaiting: number;
  #freeBytes: number;

  constructor(totalBytes: number, maxWaiting: number) {
    this.#totalBytes = totalBytes;
    this.#freeBytes = totalBytes;
    this.#maxWaiting = maxWaiting;
  }

  /** Bytes taken and not yet given back. */
  get usedBytes(): number {
    return this.#totalBytes - this.#freeBytes;
  }

  /** How many wait. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** Takes at once what is there and nobody waits for. */
  tryTake(bytes: number): boolean {
    if (this.#waiting.length > 0 || bytes > this.#freeBytes) return false;
    this.#freeBytes -= bytes;
    return true;
  }

  /** Waits for memory; a transient `unavailable` when the line is full or the deadline passes. */
  take(bytes: number, deadlineMs: number): Promise<void> {
    assert(bytes <= this.#totalBytes, 'asks for more memory than there is');
    if (this.tryTake(bytes)) return Promise.resolve();
    if (this.#waiting.length >= this.#maxWaiting) return Promise.reject(new StoreError('unavailable', 'too many wait for memory'));
    return new Promise((resolve, reject) => {
      const waiter = {
        bytes,
        grant: () => {
          clearTimeout(timer);
          resolve();
        },
      };
      const timer = setTimeout(() => {
        this.#waiting.splice(this.#waiting.indexOf(waiter), 1);
        reject(new StoreError('unavailable', 'no memory came free in time'));
        this.#grant();
      }, deadlineMs);
      this.#waiting.push(waiter);
    });
  }

  /** Gives memory back, first to who waits longest. */
  release(bytes: number): void {
    this.#freeBytes += bytes;
    assert(this.#freeBytes <= this.#totalBytes, 'gives back more memory than was taken');
    this.#grant();
  }

  #grant(): void {
    for (let first = this.#waiting[0]; first !== undefined && first.bytes <= this.#freeBytes; first = this.#waiting[0]) {
      this.#waiting.shift();
      this.#freeBytes -= first.bytes;
      first.grant();
    }
  }
}
