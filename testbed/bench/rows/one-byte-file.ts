import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { awaitCopy } from '../await-copy.ts';
import { summary } from '../interleave.ts';
import type { Row } from '../row.ts';
import { withMeteredPair } from '../sync-pair.ts';

const rounds = 9;

/** Row 8: what a device in a warm session sends and receives to create a file of one byte. */
export const oneByteFile: Row = {
  row: 8,
  name: 'traffic to create a 1-byte file in a warm session',
  unit: 'B',
  judged: 'value',
  better: 'lower',
  must: 4_000,
  aim: 1_000,
  measure: (world) =>
    withMeteredPair(world, async ({ a, b, meterA, meterB, resetMeters }) => {
      const [sent, received]: [number[], number[]] = [[], []];
      for (let round = 0; round <= rounds; round += 1) {
        const name = `byte-${round}`;
        resetMeters();
        await writeFile(path.join(a.folder, name), String(round % 10));
        await awaitCopy(path.join(a.folder, name), path.join(b.folder, name));
        const [up, down] = [meterA.count(), meterB.count()];
        // The first one opens connections.
        if (round === 0) continue;
        sent.push(up.upBytes + up.downBytes);
        received.push(down.upBytes + down.downBytes);
      }
      const { median, min, max } = summary(sent);
      return { value: median, min, max, note: `the receiving device: ${summary(received).median} B` };
    }),
};
