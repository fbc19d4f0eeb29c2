import type { Frame } from '@driftbox/protocol';
import type { ByteBudget } from './byte-budget.ts';

/** What one frame may cost before its header is known: the largest payload, and the plain bytes it unfolds to. */
const largestFrameBytes = (8 << 20) + (8 << 20) + (256 << 10);
const batchBytes = 8 << 20;
const batchFrames = 2_048;

/** Frames that are looked at together. Whoever takes a batch gives `heldBytes` back to the budget. */
export type FrameBatch = { readonly frames: readonly Frame[]; readonly heldBytes: number };

function costOf(frame: Frame): number {
  return frame.payload.length + (frame.encoding === 'raw' ? 0 : frame.plainSize) + 512;
}

/**
 * Reads frames in batches within the budget that all requests share. It never waits for memory while it holds any:
 * when the budget is short, what was gathered goes first.
 */
export async function* gatherFrames(frames: AsyncGenerator<Frame>, budget: ByteBudget, signal: AbortSignal): AsyncGenerator<FrameBatch> {
  let gathered: Frame[] = [];
  let heldBytes = 0;
  try {
    for (;;) {
      if (!budget.tryTake(largestFrameBytes)) {
        if (gathered.length > 0) {
          const batch = { frames: gathered, heldBytes };
          [gathered, heldBytes] = [[], 0];
          yield batch;
        }
        await budget.take(largestFrameBytes, signal);
      }
      const next = await frames.next().catch((error: unknown) => {
        budget.release(largestFrameBytes);
        throw error;
      });
      const cost = next.done === true ? 0 : costOf(next.value);
      budget.release(largestFrameBytes - cost);
      if (next.done === true) break;
      gathered.push(next.value);
      heldBytes += cost;
      if (heldBytes < batchBytes && gathered.length < batchFrames) continue;
      const batch = { frames: gathered, heldBytes };
      [gathered, heldBytes] = [[], 0];
      yield batch;
    }
    if (gathered.length > 0) {
      const batch = { frames: gathered, heldBytes };
      [gathered, heldBytes] = [[], 0];
      yield batch;
    }
  } finally {
    budget.release(heldBytes);
    await frames.return(undefined);
  }
}
