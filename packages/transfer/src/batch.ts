import type { WireOutcome } from '@driftbox/protocol';
import type { SentOperation } from './sent-operation.ts';

/** An operation on its way, and who wants to know what became of it. */
export type Pending = { readonly operation: SentOperation; readonly settle: (outcome: WireOutcome) => void };

/** One request being filled, on its way, or answered. */
export class Batch {
  readonly pieces: Uint8Array[] = [];
  readonly operations: Pending[] = [];
  /** True when all its operations are written or none. */
  isAtomic = false;
  /** Requests that must have been answered before this one is sent. */
  readonly after = new Set<Batch>();
  /** Settles with the answer; `undefined` while it is being filled. */
  done: Promise<void> | undefined;
  bytes = 0;

  /** True while `bytes` more keep it within `most`; an empty one takes anything. */
  hasRoom(bytes: number, most: number): boolean {
    return this.bytes === 0 || this.bytes + bytes <= most;
  }

  add(pieces: readonly Uint8Array[]): void {
    for (const piece of pieces) {
      this.pieces.push(piece);
      this.bytes += piece.length;
    }
  }
}
