import { mkdir, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { awaitEntries, awaitPath } from '../await-copy.ts';
import { interleave, secondsOf } from '../interleave.ts';
import type { BenchWorld } from '../bench-world.ts';
import type { Measured, Row } from '../row.ts';
import { withSharedDrive, withSyncPair } from '../sync-pair.ts';

const descendants = 100_000;
const perFolder = 1_000;
const rounds = 5;

/** A folder that two devices sync: where each has it. */
type Both = { readonly here: string; readonly there: string };

const judged = { row: 11, unit: 's', judged: 'ratio', better: 'lower', must: 2, aim: 1 } as const;

/** Row 11: a folder with very many files is renamed, and the clock stops when the other device has followed. */
export const renameLargeFolder: Row = {
  ...judged,
  name: 'rename of a folder with 100,000 descendants, until a second client has followed',
  measure: (world) => withSyncPair(world, ({ a, b }) => measure(world, { here: a.folder, there: b.folder })),
};

/** Row 11 in a shared drive, the other device being another person's. */
export const renameSharedFolder: Row = {
  ...judged,
  name: 'the same in a shared drive, until the client of another person has followed',
  measure: (world) => withSharedDrive(world, 'Shared', (both) => measure(world, both)),
};

async function measure({ folder }: BenchWorld, { here, there }: Both): Promise<Measured> {
  const made = path.join(folder, 'large');
  for (let file = 0; file < descendants - descendants / perFolder; file += 1) {
    const place = path.join(made, `part-${Math.floor(file / perFolder)}`);
    if (file % perFolder === 0) await mkdir(place, { recursive: true });
    await writeFile(path.join(place, `${file}`), '');
  }
  await mkdir(path.join(here, 'empty-0'));
  await rename(made, path.join(here, 'large-0'));
  await awaitPath(path.join(there, 'empty-0'));
  await awaitEntries(path.join(there, 'large-0'), descendants - 1);
  const follow = async (kind: string, round: number): Promise<number> =>
    secondsOf(async () => {
      await rename(path.join(here, `${kind}-${round}`), path.join(here, `${kind}-${round + 1}`));
      await awaitPath(path.join(there, `${kind}-${round + 1}`));
    });
  const measured = await interleave(
    rounds,
    (round) => follow('large', round),
    (round) => follow('empty', round),
  );
  await awaitEntries(path.join(there, `large-${rounds}`), descendants - 1);
  return { ...measured, note: 'baseline: rename of an empty folder' };
}
