import { rename } from 'node:fs/promises';
import path from 'node:path';
import { differences } from '../../src/compare-files.ts';
import { awaitEntries } from '../await-copy.ts';
import { besidePeers } from '../baseline/peers.ts';
import { hasRsync, noRsync, rsync } from '../baseline/rsync.ts';
import { interleave, secondsOf } from '../interleave.ts';
import type { Row } from '../row.ts';
import { makeSmallFiles } from '../small-files.ts';
import { withSyncPair } from '../sync-pair.ts';

const files = 10_000;
const rounds = 5;

/** Row 5: a folder of small files appears on one device, and the clock stops when all of it is on the other. */
export const smallFilesTime: Row = {
  row: 5,
  name: '10,000 x 4 KiB files from one client, complete on a second',
  unit: 's',
  judged: 'ratio',
  better: 'lower',
  must: 6,
  aim: 2,
  measure: async (world) => {
    if (!(await hasRsync())) return noRsync;
    return withSyncPair(world, async ({ a, b }) => {
      const subject = async (round: number): Promise<number> => {
        const [made, name] = [path.join(world.folder, `made-${round}`), `files-${round}`];
        const entries = await makeSmallFiles(made, files, round);
        const seconds = await secondsOf(async () => {
          await rename(made, path.join(a.folder, name));
          await awaitEntries(path.join(b.folder, name), entries);
        });
        const unlike = await differences(path.join(a.folder, name), path.join(b.folder, name));
        if (unlike !== '') throw new Error(`the trees differ: ${unlike.slice(0, 500)}`);
        return seconds;
      };
      const baseline = async (round: number): Promise<number> => {
        const made = path.join(world.folder, `rsynced-${round}`);
        await makeSmallFiles(made, files, 1000 + round);
        return secondsOf(() => rsync(`${made}/`, path.join(world.folder, `mirror-${round}`)));
      };
      const measured = await interleave(rounds, subject, baseline);
      const peers = await besidePeers(path.join(world.folder, 'peers'), async (pair, settle) => {
        const made = path.join(world.folder, 'for-peer');
        const entries = await makeSmallFiles(made, files, 2000);
        return secondsOf(async () => {
          await rename(made, path.join(pair.a, 'files'));
          await settle();
          await awaitEntries(path.join(pair.b, 'files'), entries);
        });
      });
      return { ...measured, note: `baseline: rsync --fsync, one way; beside it, without --fsync: ${peers}` };
    });
  },
};
