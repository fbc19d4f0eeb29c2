import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { awaitCopy } from '../../bench/await-copy.ts';
import { summary } from '../../bench/interleave.ts';
import { addSyncDevice } from '../../src/sync-device.ts';
import { inWorld } from '../in-world.ts';
import type { Point } from '../point.ts';

const saves = 30;
const mostSeconds = 1;

/** What somebody sees who saves a file on one device and looks at another: noticing and debounce included. */
export const seenElsewhere: Point = {
  number: 7,
  promise: 'what is saved on one device is seen on another in under a second',
  show: () =>
    inWorld(async (world) => {
      const [a, b] = [await addSyncDevice(world, 'a'), await addSyncDevice(world, 'b')];
      const seconds: number[] = [];
      const save = async (index: number): Promise<void> => {
        const file = path.join(a.folder, `note-${index}.txt`);
        await writeFile(file, `note ${index}`);
        const startMs = performance.now();
        await awaitCopy(file, path.join(b.folder, `note-${index}.txt`));
        seconds.push((performance.now() - startMs) / 1000);
      };
      a.start();
      b.start();
      await save(0);
      seconds.length = 0;
      for (let index = 1; index <= saves; index += 1) await save(index);
      await Promise.all([a.stop(), b.stop()]);
      const { median, min, max } = summary(seconds);
      return { holds: max < mostSeconds, figure: `${saves} saves: ${median.toFixed(3)} s (${min.toFixed(3)} to ${max.toFixed(3)})` };
    }),
};
