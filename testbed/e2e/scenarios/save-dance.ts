import { open, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { element } from '@driftbox/transfer';
import { fileDigest } from '../../src/tree-listing.ts';
import type { Scenario } from '../scenario.ts';

const saves = 40;

/** How editors save: a temporary file renamed over the old one, or the old one renamed away, written anew, and removed. */
export const saveDance: Scenario = {
  name: "an editor's save dance",
  play: async ({ devices, random }) => {
    const { folder } = element(devices, 0);
    const [over, away] = [path.join(folder, 'notes.txt'), path.join(folder, 'letter.txt')];
    await writeFile(over, 'first');
    await writeFile(away, 'first');
    for (let save = 0; save < saves; save += 1) {
      const text = random.bytes(random.integer(10, 20_000)).toString('hex');
      await replaceByRename(over, `.notes.txt.${save}.swp`, text);
      await rename(away, `${away}~`);
      await writeFile(away, text);
      await rm(`${away}~`);
    }
    return {
      kept: new Map([
        [await fileDigest(over), 'the last save of notes.txt'],
        [await fileDigest(away), 'the last save of letter.txt'],
      ]),
      conflictCopies: 0,
      check: async (tree) => {
        const extra = [...tree.keys()].filter((name) => name.includes('.swp') || name.endsWith('~'));
        if (extra.length > 0) throw new Error(`the editor's temporary files stayed: ${extra.join(', ')}`);
      },
    };
  },
};

async function replaceByRename(file: string, temporaryName: string, text: string): Promise<void> {
  const temporary = path.join(path.dirname(file), temporaryName);
  const handle = await open(temporary, 'w');
  await handle.writeFile(text);
  await handle.sync();
  await handle.close();
  await rename(temporary, file);
}
