import { mkdir, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { awaitEntries, awaitPath } from '../await-copy.ts';
import { interleave, secondsOf } from '../interleave.ts';
import type { Row } from '../row.ts';
import { withSyncPair } from '../sync-pair.ts';

const descendants = 100_000;
const perFolder = 1_000;
const rounds = 5;

/** Row 11: a folder with very many files is renamed, and the clock stops when the other device has followed. */
export const renameLargeFolder: Row = {
  row: 11,
  name: 'rename of a folder with 100,000 descendants, until a second client has followed',
  unit: 's',
  judged: 'ratio',
  better: 'lower',
  must: 2,
  aim: 1,
  measure: (world) =>
    withSyncPair(world, async ({ a, b }) => {
      const made = path.join(world.folder, 'large');
      for (let file = 0; file < descendants - descendants / perFolder; file += 1) {
        const place = path.join(made, `part-${Math.floor(file / perFolder)}`);
        if (file % perFolder === 0) await mkdir(place, { recursive: true });
        await writeFile(path.join(place, `${file}`), '');
      }
      await mkdir(path.join(a.folder, 'empty-0'));
      await rename(made, path.join(a.folder, 'large-0'));
      await awaitPath(path.join(b.folder, 'empty-0'));
      await awaitEntries(path.join(b.folder, 'large-0'), descendants - 1);
      const follow = async (kind: string, round: number): Promise<number> =>
        secondsOf(async () => {
          await rename(path.join(a.folder, `${kind}-${round}`), path.join(a.folder, `${kind}-${round + 1}`));
          await awaitPath(path.join(b.folder, `${kind}-${round + 1}`));
        });
      const measured = await interleave(
        rounds,
        (round) => follow('large', round),
        (round) => follow('empty', round),
      );
      await awaitEntries(path.join(b.folder, `large-${rounds}`), descendants - 1);
      return { ...measured, note: 'baseline: rename of an empty folder' };
    }),
};
