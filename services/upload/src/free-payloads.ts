import type { Frame } from '@driftbox/protocol';

const worthwhileBytes = 64 << 10;

/**
 * Gives the memory of large chunks back at once instead of when the collector finds time: without this a fast upload
 * piles up tens of mebibytes of garbage beyond the budget. Only memory that a frame has to itself; nobody may look at
 * these frames, or at plain bytes that share their memory, afterwards.
 */
export function freePayloads(frames: readonly Frame[]): void {
  for (const { kind, payload } of frames) {
    const { buffer } = payload;
    if (kind !== 'chunk' || payload.length < worthwhileBytes || payload.length !== buffer.byteLength) continue;
    if (buffer instanceof ArrayBuffer && !buffer.detached) buffer.transfer(0);
  }
}
