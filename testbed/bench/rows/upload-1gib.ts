import path from 'node:path';
import { writeSeededFile } from '../../src/seeded-bytes.ts';
import { startPlainTransfer } from '../baseline/plain-transfer.ts';
import { interleave, secondsOf } from '../interleave.ts';
import type { Row } from '../row.ts';

const sizeBytes = 2 ** 30;
const rounds = 5;

/** Row 1: each round puts a fresh file, so that nothing is known to the server already. */
export const upload1Gib: Row = {
  row: 1,
  name: 'upload 1 GiB random through the command line, until durable',
  unit: 'MB/s',
  judged: 'ratio',
  better: 'higher',
  must: 0.4,
  aim: 0.7,
  measure: async (world) => {
    const plain = await startPlainTransfer(path.join(world.folder, 'plain'));
    const file = path.join(world.folder, 'upload.bin');
    const rate = (seconds: number) => sizeBytes / 1e6 / seconds;
    try {
      return await interleave(
        rounds,
        async (round) => {
          await writeSeededFile(file, round, sizeBytes);
          return rate(await secondsOf(() => world.cli.must('put', file, `/upload-${round}.bin`)));
        },
        async (round) => {
          await writeSeededFile(file, round, sizeBytes);
          return rate(await secondsOf(() => plain.put(file)));
        },
      );
    } finally {
      plain.close();
    }
  },
};
