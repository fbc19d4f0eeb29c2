import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { element } from '@driftbox/transfer';
import { fileDigest } from '../../src/tree-listing.ts';
import type { Scenario } from '../scenario.ts';

/** Both sides work on the same tree without each other, then meet. */
export const offlineReunion: Scenario = {
  name: 'offline edits on both sides, then reunion',
  play: async ({ devices, offline, quiet, random }) => {
    const [a, b] = [element(devices, 0).folder, element(devices, 1).folder];
    const text = () => random.bytes(random.integer(100, 5000)).toString('hex');
    await mkdir(path.join(a, 'project', 'deep'), { recursive: true });
    const names = ['both.txt', 'only-a.txt', 'only-b.txt', 'renamed.txt', 'same.txt', 'project/inside.txt', 'project/deep/below.txt'];
    for (const name of names) await writeFile(path.join(a, name), text());
    await quiet();
    const kept = new Map<string, string>();
    await offline(async () => {
      const save = async (folder: string, name: string, content = text()) => {
        await writeFile(path.join(folder, name), content);
        kept.set(await fileDigest(path.join(folder, name)), `${name} as ${folder === a ? 'the first' : 'the second'} device saved it`);
      };
      await save(a, 'both.txt');
      await save(b, 'both.txt');
      await save(a, 'only-a.txt');
      await save(b, 'only-b.txt');
      await rename(path.join(a, 'renamed.txt'), path.join(a, 'project', 'moved.txt'));
      await save(b, 'renamed.txt');
      const same = text();
      await save(a, 'same.txt', same);
      await save(b, 'same.txt', same);
      await rename(path.join(a, 'project', 'deep'), path.join(a, 'lifted'));
      await save(b, 'project/deep/new-below.txt');
      await save(a, 'made-twice.txt');
      await save(b, 'made-twice.txt');
      await rm(path.join(b, 'project', 'inside.txt'));
    });
    return {
      kept,
      // both.txt and made-twice.txt: of each the save that reached the server second.
      conflictCopies: 2,
      check: async (tree) => {
        for (const name of ['project/moved.txt', 'lifted/below.txt', 'lifted/new-below.txt'])
          if (!tree.has(name)) throw new Error(`${name} is missing`);
        for (const name of ['renamed.txt', 'project/deep', 'project/inside.txt'])
          if (tree.has(name))
            throw new Error(`${name} is still there: ${(await readFile(path.join(a, name)).catch(() => '')).length} bytes`);
      },
    };
  },
};
