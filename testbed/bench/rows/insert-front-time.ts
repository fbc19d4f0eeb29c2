import { copyFile, rename } from 'node:fs/promises';
import path from 'node:path';
import { assertSameFile } from '../../src/compare-files.ts';
import { writeSeededFile } from '../../src/seeded-bytes.ts';
import { awaitCopy } from '../await-copy.ts';
import { besidePeers } from '../baseline/peers.ts';
import { hasRsync, noRsync, rsync } from '../baseline/rsync.ts';
import { interleave, secondsOf } from '../interleave.ts';
import type { Row } from '../row.ts';
import { withSyncPair } from '../sync-pair.ts';

const sizeBytes = 2 ** 30;
const rounds = 5;

/** Row 4: how long until the other device has it, from the moment the file is saved; noticing, reading and debounce included. */
export const insertFrontTime: Row = {
  row: 4,
  name: '1 byte inserted at the front of 1 GiB: until the second client has it',
  unit: 's',
  judged: 'ratio',
  better: 'lower',
  must: 1.5,
  aim: 0.8,
  measure: async (world) => {
    if (!(await hasRsync())) return noRsync;
    return withSyncPair(world, async ({ a, b }) => {
      const [file, copy] = [path.join(a.folder, 'big.bin'), path.join(b.folder, 'big.bin')];
      const [next, mirror] = [path.join(world.folder, 'next.bin'), path.join(world.folder, 'mirror.bin')];
      await writeSeededFile(next, 7, sizeBytes);
      await copyFile(next, mirror);
      await rename(next, file);
      await awaitCopy(file, copy);
      let saves = 0;
      const edit = async (): Promise<void> => writeSeededFile(next, 7, sizeBytes, Buffer.alloc((saves += 1), 'x'));
      const subject = async (): Promise<number> => {
        await edit();
        const seconds = await secondsOf(async () => {
          await rename(next, file);
          await awaitCopy(file, copy);
        });
        await assertSameFile(file, copy);
        return seconds;
      };
      const baseline = async (): Promise<number> => {
        await edit();
        const seconds = await secondsOf(() => rsync(next, mirror));
        await assertSameFile(next, mirror);
        return seconds;
      };
      const measured = await interleave(rounds, subject, baseline);
      const peers = await besidePeers(path.join(world.folder, 'peers'), async (pair, settle) => {
        const [file, copy] = [path.join(pair.a, 'big.bin'), path.join(pair.b, 'big.bin')];
        const carry = (): Promise<number> =>
          secondsOf(async () => {
            await rename(next, file);
            await settle();
            await awaitCopy(file, copy);
          });
        await edit();
        await carry();
        await edit();
        return carry();
      });
      return { ...measured, note: `baseline: rsync --no-whole-file --fsync; beside it, without --fsync: ${peers}` };
    });
  },
};
