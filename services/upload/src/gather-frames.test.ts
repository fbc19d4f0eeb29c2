import { encodeFrame, decodeFrames, type Frame } from '@driftbox/protocol';
import { describe, expect, test } from '@jest/globals';
import { chunkFrame } from './testing/person-requests.ts';
import { ByteBudget } from './byte-budget.ts';
import { gatherFrames } from './gather-frames.ts';

const never = new AbortController().signal;
const totalBytes = 40 << 20;

async function* body(sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  for (const size of sizes) yield* encodeFrame(chunkFrame(new Uint8Array(size)));
}

async function gather(sizes: readonly number[], budget: ByteBudget, take: (frames: readonly Frame[]) => Promise<void> | void = () => {}) {
  const counts: number[] = [];
  for await (const batch of gatherFrames(decodeFrames(body(sizes)), budget, never)) {
    counts.push(batch.frames.length);
    await take(batch.frames);
    budget.release(batch.heldBytes);
  }
  return counts;
}

describe('gathering frames', () => {
  test('takes small ones together and large ones by the few', async () => {
    const budget = new ByteBudget(totalBytes);
    expect(
      await gather(
        Array.from({ length: 100 }, () => 100),
        budget,
      ),
    ).toEqual([100]);
    expect(
      await gather(
        Array.from({ length: 5 }, () => 4 << 20),
        budget,
      ),
    ).toEqual([2, 2, 1]);
    expect(budget.freeBytes).toBe(totalBytes);
  });

  test('many bodies at once stay within the budget, and all end', async () => {
    const budget = new ByteBudget(totalBytes);
    let least = totalBytes;
    const sizes = [5 << 20, 100, 8 << 20, 1 << 20, 3 << 20, 8 << 20];
    const all = await Promise.all(
      Array.from({ length: 12 }, () =>
        gather(sizes, budget, async () => {
          least = Math.min(least, budget.freeBytes);
          await new Promise((resolve) => setImmediate(resolve));
        }),
      ),
    );
    for (const counts of all) expect(counts.reduce((sum, count) => sum + count, 0)).toBe(sizes.length);
    expect(least).toBeGreaterThanOrEqual(0);
    expect(budget.freeBytes).toBe(totalBytes);
  });

  test('gives everything back when the body breaks, and when its reader leaves', async () => {
    const budget = new ByteBudget(totalBytes);
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield* body([10, 20]);
      yield new Uint8Array(7);
    }
    await expect(gatherFrames(decodeFrames(broken()), budget, never).next()).rejects.toThrow(/ends inside/);
    expect(budget.freeBytes).toBe(totalBytes);
    const left = gatherFrames(decodeFrames(body([(9 << 20) >> 1, (9 << 20) >> 1, 10])), budget, never);
    const { value } = await left.next();
    await left.return(undefined);
    budget.release(value!.heldBytes);
    expect(budget.freeBytes).toBe(totalBytes);
  });
});
