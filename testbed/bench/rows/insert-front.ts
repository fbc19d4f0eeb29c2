import { rename } from 'node:fs/promises';
import path from 'node:path';
import { assertSameFile } from '../../src/compare-files.ts';
import { writeSeededFile } from '../../src/seeded-bytes.ts';
import { awaitCopy } from '../await-copy.ts';
import { summary } from '../interleave.ts';
import type { Row } from '../row.ts';
import { withMeteredPair } from '../sync-pair.ts';

const sizeBytes = 2 ** 30;
const rounds = 3;

/** Row 3: what travels when one byte is put in front of a large file, counted at both devices. */
export const insertFront: Row = {
  row: 3,
  name: '1 byte inserted at the front of 1 GiB: bytes on the wire, both clients together',
  unit: 'B',
  judged: 'value',
  better: 'lower',
  must: 32_000,
  aim: 4_000,
  measure: (world) =>
    withMeteredPair(world, async ({ a, b, resetMeters, totalBytes }) => {
      const [file, copy, next] = [path.join(a.folder, 'big.bin'), path.join(b.folder, 'big.bin'), path.join(world.folder, 'next.bin')];
      await writeSeededFile(next, 7, sizeBytes);
      await rename(next, file);
      await awaitCopy(file, copy);
      const counts: number[] = [];
      for (let round = 1; round <= rounds; round += 1) {
        await writeSeededFile(next, 7, sizeBytes, Buffer.alloc(round, 'x'));
        resetMeters();
        await rename(next, file);
        await awaitCopy(file, copy);
        counts.push(totalBytes());
        await assertSameFile(file, copy);
      }
      const { median, min, max } = summary(counts);
      return { value: median, min, max };
    }),
};
