import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { checkTenant } from '../../src/check-tenant.ts';
import { writeSeededFile } from '../../src/seeded-bytes.ts';
import { interleave, secondsOf } from '../interleave.ts';
import type { Row } from '../row.ts';

const sizeBytes = 2 ** 30;
const rounds = 5;
const readBytes = 1 << 20;

/** Row 23: what a scrub does with each pack, without the pace that holds it back beside other work. */
export const scrubRate: Row = {
  row: 23,
  name: 'every pack of 1 GiB read from the pool, decrypted and verified, against SHA-256 of the same file',
  unit: 'MB/s',
  judged: 'ratio',
  better: 'higher',
  must: 0.4,
  aim: 0.8,
  measure: async (bench) => {
    const world = bench.own();
    const file = path.join(world.folder, 'scrubbed.bin');
    await writeSeededFile(file, 23, sizeBytes);
    await world.cli.must('put', file, '/scrubbed.bin');
    const rate = async (work: () => Promise<unknown>): Promise<number> => sizeBytes / 1e6 / (await secondsOf(work));
    const scrub = async (): Promise<void> => {
      const packBytes = await checkTenant(world);
      if (packBytes < sizeBytes) throw new Error(`only ${packBytes} bytes of packs were read`);
    };
    const hash = (): Promise<void> => pipeline(createReadStream(file, { highWaterMark: readBytes }), createHash('sha256'));
    return interleave(
      rounds,
      () => rate(scrub),
      () => rate(hash),
    );
  },
};
