import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { digestOf } from '@driftbox/chunking';
import type { SeededRandom } from '@driftbox/testkit';
import type { SyncDevice } from '../src/sync-device.ts';
import type { TreeListing } from '../src/tree-listing.ts';
import type { Notes } from './notes.ts';

/** Somebody who works in the folder of a device that syncs: in a part of their own, and in one that everybody writes to. */
export type Hand = {
  /** Resolves when the hand rests. */
  readonly resting: Promise<void>;
  /** Files of the hand's own part that a tree does not hold as the hand left them. */
  differences(tree: TreeListing): string[];
};

const mostFiles = 60;
const mostTurns = 100_000;
const common = 'everybody';
const sizes = [0, 900, 20_000, 1_500_000] as const;

/** Works until told to stop. Files come into their places whole, as programs save them. */
export function startHand(device: SyncDevice, random: SeededRandom, wrong: Notes, stopping: AbortSignal): Hand {
  const own = `of-${device.name}`;
  const kept = new Map<string, string>();
  let made = 0;
  const put = async (name: string): Promise<void> => {
    const bytes = random.bytes(random.integer(0, random.pick(sizes)));
    const file = path.join(device.folder, name);
    const aside = path.join(path.dirname(device.folder), 'aside');
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(aside, bytes);
    await rename(aside, file);
    kept.set(name, digestOf(bytes));
  };
  const turn = async (): Promise<void> => {
    const [dice, known] = [random.next(), random.pick([...kept.keys(), undefined])];
    if (dice < 0.2) return put(path.join(common, `file-${random.integer(0, 9)}`));
    if (known === undefined || (dice < 0.5 && kept.size < mostFiles))
      return put(path.join(own, `${random.integer(0, 3)}`, `file-${(made += 1)}`));
    if (dice < 0.75) return put(known);
    if (dice < 0.9) {
      const to = path.join(own, `${random.integer(0, 3)}`, `file-${(made += 1)}`);
      await mkdir(path.join(device.folder, path.dirname(to)), { recursive: true });
      await rename(path.join(device.folder, known), path.join(device.folder, to));
      kept.set(to, kept.get(known) ?? '');
    } else await rm(path.join(device.folder, known));
    kept.delete(known);
  };
  const run = async (): Promise<void> => {
    for (let turns = 0; turns < mostTurns && !stopping.aborted; turns += 1) {
      await turn();
      // What everybody writes to belongs to nobody.
      for (const name of kept.keys()) if (name.startsWith(common)) kept.delete(name);
      await delay(random.integer(50, 900));
    }
  };
  return {
    resting: run().catch((error: unknown) => wrong.add(`the hand of ${device.name}: ${String(error)}`)),
    differences: (tree) => {
      const here = new Map([...tree].filter(([name, value]) => name.startsWith(`${own}${path.sep}`) && value !== 'folder'));
      const all = new Set([...here.keys(), ...kept.keys()]);
      return [...all]
        .filter((name) => here.get(name) !== kept.get(name))
        .map((name) => `${name}: ${here.get(name) ?? 'gone'}, left as ${kept.get(name) ?? 'gone'}`);
    },
  };
}
