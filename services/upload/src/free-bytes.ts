import { freeOwn, giveShared } from '@driftbox/threads';

/**
 * Gives the memory of large pieces back at once instead of when the collector finds time: without this a fast transfer
 * piles up garbage beyond every budget, and the collector costs as much as hashing. Only memory that a piece has to
 * itself is freed, and shared memory is given back. Nobody may look at the pieces, or at anything that shares their
 * memory, afterwards; nor may a thread.
 */
export function freeBytes(pieces: Iterable<Uint8Array>): void {
  for (const piece of pieces) {
    giveShared(piece);
    freeOwn(piece);
  }
}
