import { rename } from 'node:fs/promises';
import path from 'node:path';
import { awaitEntries } from '../await-copy.ts';
import { summary } from '../interleave.ts';
import type { Row } from '../row.ts';
import { makeSmallFiles } from '../small-files.ts';
import { withMeteredPair } from '../sync-pair.ts';

const files = 10_000;
const rounds = 3;

/** Row 6: requests of both devices until a folder of small files has gone from one to the other. */
export const smallFilesRequests: Row = {
  row: 6,
  name: '10,000 x 4 KiB files: HTTP requests, both clients',
  unit: 'requests',
  judged: 'value',
  better: 'lower',
  must: 200,
  aim: 60,
  measure: (world) =>
    withMeteredPair(world, async ({ a, b, meterA, meterB, resetMeters }) => {
      const counts: number[] = [];
      const parts: string[] = [];
      for (let round = 0; round < rounds; round += 1) {
        const made = path.join(world.folder, `made-${round}`);
        const entries = await makeSmallFiles(made, files, round);
        resetMeters();
        await rename(made, path.join(a.folder, `files-${round}`));
        await awaitEntries(path.join(b.folder, `files-${round}`), entries);
        const [up, down] = [meterA.count().requests, meterB.count().requests];
        counts.push(up + down);
        parts.push(`${up} + ${down}`);
      }
      const { median, min, max } = summary(counts);
      return { value: median, min, max, note: `sender + receiver: ${parts.join(', ')}` };
    }),
};
