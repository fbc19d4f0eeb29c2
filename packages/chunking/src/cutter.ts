import { roll, scan, scanned } from './scan.ts';
import { windowBytes } from './scheme.ts';
import type { Scheme } from './scheme.ts';

/**
 * Finds the cuts in a stream of bytes without keeping any of them: its whole memory is a position and a 32-bit hash,
 * which is why the cuts cannot depend on how the stream was divided into pieces.
 */
export class Cutter {
  readonly #scheme: Scheme;
  /** Bytes of the current chunk that were seen. */
  #position = 0;
  #hash = 0;

  constructor(scheme: Scheme) {
    this.#scheme = scheme;
  }

  /**
   * Looks at `bytes[from, to)`, the continuation of the stream. Answers the offset at which the current chunk ends (the
   * next call goes on from there), or -1 when it does not end here. `bytes` must be a plain `Uint8Array`, not a `Buffer`.
   */
  next(bytes: Uint8Array, from: number, to: number): number {
    const { minBytes, normalBytes, maxBytes, strictMask, looseMask } = this.#scheme;
    const start = from - this.#position;
    let at = Math.max(from, Math.min(to, start + minBytes - windowBytes));
    const warmed = Math.min(to, start + minBytes - 1);
    if (at < warmed) {
      this.#hash = roll(bytes, at, warmed, this.#hash);
      at = warmed;
    }
    const strictEnd = Math.min(to, start + normalBytes);
    if (at < strictEnd) {
      const cut = scan(bytes, at, strictEnd, this.#hash, strictMask);
      if (cut >= 0) return this.#cutAt(cut);
      this.#hash = scanned.hash;
      at = strictEnd;
    }
    const looseEnd = Math.min(to, start + maxBytes);
    if (at < looseEnd) {
      const cut = scan(bytes, at, looseEnd, this.#hash, looseMask);
      if (cut >= 0) return this.#cutAt(cut);
      this.#hash = scanned.hash;
      at = looseEnd;
    }
    if (at === start + maxBytes) return this.#cutAt(at);
    this.#position += to - from;
    return -1;
  }

  #cutAt(offset: number): number {
    this.#position = 0;
    this.#hash = 0;
    return offset;
  }
}
