import { strict as assert } from 'node:assert';
import { Cutter } from './cutter.ts';
import { defaultScheme } from './scheme.ts';
import type { Scheme } from './scheme.ts';

/** A chunk that nobody has hashed yet: its plain bytes, owned by whoever receives it, and their place in the stream. */
export type Piece = { readonly bytes: Uint8Array; readonly offset: number };

/** How a stream is cut, and in what memory its pieces lie. */
export type PieceOptions = {
  readonly scheme?: Scheme;
  /** The length of the stream in bytes where the caller knows it; it only sizes buffers. */
  readonly sizeHint?: number | undefined;
  /** Where pieces come to lie: plain memory of so many bytes, whatever is in it. */
  readonly allocate?: (sizeBytes: number) => Uint8Array;
  /** Takes back what `allocate` answered and a longer piece has outgrown. */
  readonly free?: (bytes: Uint8Array) => void;
};

/** The first buffer of a stream of unknown length: small files must not cost eight mebibytes of address space each. */
const firstBufferBytes = 256 << 10;
/** Buffers grow by this: most chunks are about half as long as the longest, and memory that was once filled stays real. */
const stepBytes = 2 << 20;
/** The first buffer of a chunk: most need no second. */
const usualBytes = 4 << 20;
/** As long as there is so much room, the buffer need not grow. */
const leastRoomBytes = 128 << 10;
/** The most that `room` offers at once. What follows a cut is copied to the next piece's buffer, so less is cheaper. */
const roomBytes = 1 << 20;

/**
 * Cuts a stream at the cuts of chunks. Feed it by `push` (what is pushed is copied once and may be reused at once), or
 * without any copy by `room` and `filled`; then `finish`. Memory: one chunk. The empty stream has no pieces.
 */
export class PieceCutter {
  readonly #scheme: Scheme;
  readonly #cutter: Cutter;
  readonly #allocate: (sizeBytes: number) => Uint8Array;
  readonly #free: ((bytes: Uint8Array) => void) | undefined;
  /** Bytes still expected by the caller, which only sizes buffers: a wrong guess costs a copy and nothing else. */
  #expected: number | undefined;
  #buffer: Uint8Array | undefined;
  #filled = 0;
  #scanned = 0;
  #offset = 0;

  constructor({ scheme = defaultScheme, sizeHint, allocate = allocateOwn, free }: PieceOptions = {}) {
    this.#scheme = scheme;
    this.#cutter = new Cutter(scheme);
    this.#expected = sizeHint;
    this.#allocate = allocate;
    this.#free = free;
  }

  /** Takes the next bytes and answers the pieces that they completed, oldest first. */
  push(bytes: Uint8Array): Piece[] {
    const pieces: Piece[] = [];
    let at = 0;
    while (at < bytes.length) {
      const room = this.room(bytes.length - at);
      const taken = Math.min(room.length, bytes.length - at);
      room.set(bytes.subarray(at, at + taken));
      at += taken;
      pieces.push(...this.filled(taken));
    }
    return pieces;
  }

  /** A place of at least one byte to read the next bytes of the stream into; at most `wanted` are expected in it. */
  room(wanted: number = roomBytes): Uint8Array {
    const left = (this.#buffer?.length ?? 0) - this.#filled;
    const more = left >= Math.min(wanted, leastRoomBytes) ? 0 : Math.min(wanted, roomBytes);
    const need = Math.min(this.#filled + more, this.#scheme.maxBytes);
    const buffer = this.#reserve(Math.max(need, this.#filled + 1));
    return buffer.subarray(this.#filled, this.#filled + roomBytes);
  }

  /** Says that the first `count` bytes of the last `room` hold stream bytes. Answers the pieces that they completed. */
  filled(count: number): Piece[] {
    assert(this.#filled + count <= (this.#buffer?.length ?? 0), 'more bytes than there was room for');
    this.#filled += count;
    const pieces: Piece[] = [];
    while (this.#buffer !== undefined) {
      const cut = this.#cutter.next(this.#buffer, this.#scanned, this.#filled);
      if (cut < 0) break;
      pieces.push(this.#take(this.#buffer, cut));
    }
    this.#scanned = this.#filled;
    return pieces;
  }

  /** Ends the stream: the rest of it, or `undefined` when there is none. */
  finish(): Piece | undefined {
    return this.#buffer === undefined || this.#filled === 0 ? undefined : this.#take(this.#buffer, this.#filled);
  }

  #take(whole: Uint8Array, cut: number): Piece {
    const rest = whole.subarray(cut, this.#filled);
    const bytes = whole.subarray(0, cut);
    if (this.#expected !== undefined) this.#expected -= cut;
    this.#buffer = undefined;
    this.#filled = 0;
    this.#scanned = 0;
    if (rest.length > 0) {
      this.#reserve(rest.length).set(rest);
      this.#filled = rest.length;
    }
    const piece = { bytes, offset: this.#offset };
    this.#offset += cut;
    return piece;
  }

  /** The buffer, with what it holds, of at least `need` bytes. */
  #reserve(need: number): Uint8Array {
    const held = this.#buffer;
    if (held !== undefined && held.length >= need) return held;
    const { maxBytes } = this.#scheme;
    const stepped = Math.max(usualBytes, Math.ceil(need / stepBytes) * stepBytes);
    const unknown = need <= firstBufferBytes && this.#offset === 0 ? firstBufferBytes : stepped;
    const wanted = this.#expected !== undefined && this.#expected >= need ? this.#expected : unknown;
    const buffer = this.#allocate(Math.max(need, Math.min(wanted, stepped, maxBytes)));
    if (held !== undefined) {
      buffer.set(held.subarray(0, this.#filled));
      this.#free?.(held);
    }
    this.#buffer = buffer;
    return buffer;
  }
}

/** Unzeroed memory of its own (never a slice of the shared pool), as the plain array that the scan wants. */
function allocateOwn(sizeBytes: number): Uint8Array {
  const buffer = Buffer.allocUnsafeSlow(sizeBytes);
  return new Uint8Array(buffer.buffer, 0, sizeBytes);
}
