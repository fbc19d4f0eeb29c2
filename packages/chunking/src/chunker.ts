import type { Digest } from '@driftbox/domain';
import { digestOf } from './digest.ts';
import { PieceCutter } from './piece-cutter.ts';
import type { Piece } from './piece-cutter.ts';
import { defaultScheme } from './scheme.ts';
import type { Scheme } from './scheme.ts';

/** One chunk of a stream: its plain bytes, owned by whoever receives it, their SHA-256 and their place in the stream. */
export type Chunk = { readonly digest: Digest; readonly bytes: Uint8Array; readonly offset: number };

/** Cuts a stream into chunks: what a `PieceCutter` cuts, hashed on this thread. */
export class Chunker {
  readonly #pieces: PieceCutter;

  /** `sizeHint` is the length of the stream in bytes where the caller knows it. */
  constructor(scheme: Scheme = defaultScheme, sizeHint?: number) {
    this.#pieces = new PieceCutter({ scheme, sizeHint });
  }

  /** Takes the next bytes and answers the chunks that they completed, oldest first. */
  push(bytes: Uint8Array): Chunk[] {
    return this.#pieces.push(bytes).map(hashed);
  }

  /** A place of at least one byte to read the next bytes of the stream into; at most `wanted` are expected in it. */
  room(wanted?: number): Uint8Array {
    return this.#pieces.room(wanted);
  }

  /** Says that the first `count` bytes of the last `room` hold stream bytes. Answers the chunks that they completed. */
  filled(count: number): Chunk[] {
    return this.#pieces.filled(count).map(hashed);
  }

  /** Ends the stream: the rest of it, or `undefined` when there is none. */
  finish(): Chunk | undefined {
    const rest = this.#pieces.finish();
    return rest === undefined ? undefined : hashed(rest);
  }
}

function hashed({ bytes, offset }: Piece): Chunk {
  return { digest: digestOf(bytes), bytes, offset };
}
