import { mkdir, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileDigest } from '../../src/tree-listing.ts';
import type { Scenario } from '../scenario.ts';

const folders = 6;
const filesPerFolder = 8;
const storms = 60;

/** Files and folders renamed, moved and swapped faster than they sync, on two devices in different parts of the tree. */
export const renameStorm: Scenario = {
  name: 'rename storms and swaps',
  play: async ({ devices, quiet, random }) => {
    const kept = new Map<string, string>();
    const roots = devices.slice(0, 2).map((device, index) => path.join(device.folder, `storm-${index}`));
    for (const root of roots)
      for (let folder = 0; folder < folders; folder += 1) {
        await mkdir(path.join(root, `f${folder}`), { recursive: true });
        for (let file = 0; file < filesPerFolder; file += 1) {
          const place = path.join(root, `f${folder}`, `n${file}`);
          await writeFile(place, random.bytes(random.integer(1, 4000)));
          kept.set(await fileDigest(place), `what was made as ${place}`);
        }
      }
    await quiet();
    for (let storm = 0; storm < storms; storm += 1)
      for (const root of roots) {
        const swapped = random.integer(0, 3) === 0 ? folderPair(root, random.integer(0, folders - 1)) : filePair(root, random);
        await swap(path.join(root, 'aside'), ...swapped);
      }
    return { kept, conflictCopies: 0 };
  },
};

function folderPair(root: string, at: number): [string, string] {
  return [path.join(root, `f${at}`), path.join(root, `f${(at + 1) % folders}`)];
}

function filePair(root: string, random: { integer(min: number, max: number): number }): [string, string] {
  const file = () => path.join(root, `f${random.integer(0, folders - 1)}`, `n${random.integer(0, filesPerFolder - 1)}`);
  return [file(), file()];
}

async function swap(aside: string, a: string, b: string): Promise<void> {
  if (a === b) return;
  await rename(a, aside);
  await rename(b, a);
  await rename(aside, b);
}
