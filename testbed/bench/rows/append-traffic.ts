import { appendFile, lstat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { seededRandom } from '@driftbox/testkit';
import { assertSameFile } from '../../src/compare-files.ts';
import { awaitCopy } from '../await-copy.ts';
import type { Row } from '../row.ts';
import { withMeteredPair } from '../sync-pair.ts';

const seconds = 60;
const appendedBytes = 1_000;
const startBytes = 1_000_000;
const maxBehindMs = 5_000;

/** Row 9: a program appends a kilobyte a second; the traffic of the device it runs on, per byte appended. */
export const appendTraffic: Row = {
  row: 9,
  name: 'append 1 kB/s to a 1 MB file for 60 s: traffic / bytes appended',
  unit: 'B/B',
  judged: 'value',
  better: 'lower',
  must: 10,
  aim: 2,
  measure: (world) =>
    withMeteredPair(world, async ({ a, b, meterA, meterB, resetMeters }) => {
      const [file, copy] = [path.join(a.folder, 'program.log'), path.join(b.folder, 'program.log')];
      const random = seededRandom(9);
      await writeFile(file, random.bytes(startBytes));
      await awaitCopy(file, copy);
      resetMeters();
      let behindMs = 0;
      const reached = new Map<number, number>();
      for (let second = 0; second < seconds; second += 1) {
        await appendFile(file, random.bytes(appendedBytes));
        reached.set(startBytes + (second + 1) * appendedBytes, performance.now());
        const until = performance.now() + 1000;
        while (performance.now() < until) {
          await pause(50);
          behindMs = Math.max(behindMs, lag(reached, (await lstat(copy)).size));
        }
      }
      await awaitCopy(file, copy);
      await assertSameFile(file, copy);
      if (behindMs > maxBehindMs) throw new Error(`the second device was ${Math.round(behindMs)} ms behind`);
      const [up, down] = [meterA.count(), meterB.count()];
      const appended = seconds * appendedBytes;
      const [sent, received] = [(up.upBytes + up.downBytes) / appended, (down.upBytes + down.downBytes) / appended];
      const note = `the receiving device: ${received.toFixed(2)}; never more than ${Math.round(behindMs)} ms behind`;
      return { value: sent, min: sent, max: sent, note };
    }),
};

/** How long ago the oldest append happened that the copy does not hold yet. */
function lag(reached: ReadonlyMap<number, number>, copyBytes: number): number {
  for (const [bytes, atMs] of reached) if (bytes > copyBytes) return performance.now() - atMs;
  return 0;
}
