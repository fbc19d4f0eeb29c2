import { FrameError } from './frame.ts';

/** Where gathered bytes come to lie: memory of so many bytes, whatever is in it. */
export type Allocate = (sizeBytes: number) => Uint8Array;
/** Hears of a piece of the source that was copied out whole, so that the reader has no more use for it. */
export type Release = (piece: Uint8Array) => void;

/** Up to here a copy is cheaper than what a view would keep: the whole piece, until the collector finds time. */
const copiedBytes = 16 << 10;

/**
 * Takes exact lengths out of a stream of pieces. What lies in one piece is answered as a view of it, unless it is small; all
 * else lies in memory of its own. Holds at most the piece that the source gave last, and what is gathered.
 */
export class ByteReader {
  readonly #source: AsyncIterator<Uint8Array>;
  readonly #allocate: Allocate;
  readonly #release: Release | undefined;
  #piece: Uint8Array = new Uint8Array(0);
  #at = 0;
  /** Whether somebody looks at a part of the piece. */
  #lent = true;

  constructor(source: AsyncIterable<Uint8Array>, allocate: Allocate = (sizeBytes) => new Uint8Array(sizeBytes), release?: Release) {
    this.#source = source[Symbol.asyncIterator]();
    this.#allocate = allocate;
    this.#release = release;
  }

  /** The next `length` bytes, or `undefined` at a clean end of the source. Throws `truncated` when it ends in between. */
  async take(length: number): Promise<Uint8Array | undefined> {
    if (this.#at === this.#piece.length && !(await this.#pull())) return undefined;
    if (this.#piece.length - this.#at >= length) {
      const view = this.#piece.subarray(this.#at, this.#at + length);
      this.#at += length;
      if (length <= copiedBytes) return new Uint8Array(view);
      this.#lent = true;
      return view;
    }
    const gathered = this.#allocate(length);
    let filled = 0;
    while (filled < length) {
      if (this.#at === this.#piece.length && !(await this.#pull())) throw new FrameError('truncated', 'the body ends inside a frame');
      const part = this.#piece.subarray(this.#at, this.#at + length - filled);
      gathered.set(part, filled);
      filled += part.length;
      this.#at += part.length;
    }
    return gathered;
  }

  /** Tells the source that nothing more will be read. */
  async close(): Promise<void> {
    await this.#source.return?.();
  }

  async #pull(): Promise<boolean> {
    if (!this.#lent) this.#release?.(this.#piece);
    this.#piece = new Uint8Array(0);
    this.#at = 0;
    this.#lent = true;
    for (;;) {
      const { done, value } = await this.#source.next();
      if (done === true) return false;
      if (value.length === 0) continue;
      this.#piece = value;
      this.#lent = false;
      return true;
    }
  }
}
