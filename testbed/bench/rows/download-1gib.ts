import { rm } from 'node:fs/promises';
import path from 'node:path';
import { assertSameFile } from '../../src/compare-files.ts';
import { writeSeededFile } from '../../src/seeded-bytes.ts';
import { startPlainTransfer } from '../baseline/plain-transfer.ts';
import { interleave, secondsOf } from '../interleave.ts';
import type { Row } from '../row.ts';

const sizeBytes = 2 ** 30;
const rounds = 5;

/** Row 2. */
export const download1Gib: Row = {
  row: 2,
  name: 'download and verify 1 GiB',
  unit: 'MB/s',
  judged: 'ratio',
  better: 'higher',
  must: 0.6,
  aim: 0.9,
  measure: async (world) => {
    const plain = await startPlainTransfer(path.join(world.folder, 'plain'));
    const source = path.join(world.folder, 'source.bin');
    const copy = path.join(world.folder, 'copy.bin');
    await writeSeededFile(source, 1, sizeBytes);
    await world.cli.must('put', source, '/source.bin');
    await plain.put(source);
    const rateOf = async (get: () => Promise<unknown>) => {
      await rm(copy, { force: true });
      const seconds = await secondsOf(get);
      await assertSameFile(source, copy);
      return sizeBytes / 1e6 / seconds;
    };
    try {
      return await interleave(
        rounds,
        () => rateOf(() => world.cli.must('get', '/source.bin', copy)),
        () => rateOf(() => plain.get(copy)),
      );
    } finally {
      plain.close();
    }
  },
};
