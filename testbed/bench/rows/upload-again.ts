import path from 'node:path';
import { writeSeededFile } from '../../src/seeded-bytes.ts';
import { startWireMeter } from '../../src/wire-meter.ts';
import { summary } from '../interleave.ts';
import type { Row } from '../row.ts';

const sizeBytes = 2 ** 30;
const rounds = 3;

/** Row 12. */
export const uploadAgain: Row = {
  row: 12,
  name: 'identical re-upload of 1 GiB under a new name: bytes on the wire',
  unit: 'B',
  judged: 'value',
  better: 'lower',
  must: 100_000,
  aim: 10_000,
  measure: async (world) => {
    const file = path.join(world.folder, 'big.bin');
    const meter = await startWireMeter(world.address);
    const counts: number[] = [];
    try {
      await writeSeededFile(file, 12, sizeBytes);
      await world.cli.must('put', file, '/big.bin');
      for (let round = 1; round <= rounds; round += 1) {
        meter.reset();
        await world.cli.must('put', '--server', meter.address, file, `/again-${round}.bin`);
        const { upBytes, downBytes } = meter.count();
        counts.push(upBytes + downBytes);
      }
    } finally {
      await meter.close();
    }
    const { median, min, max } = summary(counts);
    return { value: median, min, max };
  },
};
