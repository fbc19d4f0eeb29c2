import path from 'node:path';
import { assertSameFile } from '../../src/compare-files.ts';
import { writeSeededFile } from '../../src/seeded-bytes.ts';
import { startWireMeter } from '../../src/wire-meter.ts';
import { summary } from '../interleave.ts';
import type { Row } from '../row.ts';

const sizeBytes = 2 ** 30;
const rounds = 3;

/** Row 3, its upload half: until there is a sync client, the second client is a fresh `get`, which is not counted. */
export const insertFront: Row = {
  row: 3,
  name: '1 byte inserted at the front of 1 GiB: bytes on the wire, uploading client',
  unit: 'B',
  judged: 'value',
  better: 'lower',
  must: 32_000,
  aim: 4_000,
  measure: async (world) => {
    const file = path.join(world.folder, 'big.bin');
    const copy = path.join(world.folder, 'copy.bin');
    const meter = await startWireMeter(world.server().address);
    const counts: number[] = [];
    try {
      await writeSeededFile(file, 7, sizeBytes);
      await world.cli.must('put', file, '/big.bin');
      for (let round = 1; round <= rounds; round += 1) {
        await writeSeededFile(file, 7, sizeBytes, Buffer.alloc(round, 'x'));
        meter.reset();
        await world.cli.must('put', '--server', meter.address, file, '/big.bin');
        const { upBytes, downBytes } = meter.count();
        counts.push(upBytes + downBytes);
      }
      await world.cli.must('get', '/big.bin', copy);
      await assertSameFile(file, copy);
    } finally {
      await meter.close();
    }
    const { median, min, max } = summary(counts);
    return { value: median, min, max, note: 'the receiving half comes with the sync client' };
  },
};
