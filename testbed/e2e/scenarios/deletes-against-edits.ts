import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { element } from '@driftbox/transfer';
import { fileDigest } from '../../src/tree-listing.ts';
import type { Scenario } from '../scenario.ts';

/** One device deletes what another edits: the edit stays, and of a deleted folder only what was edited in it. */
export const deletesAgainstEdits: Scenario = {
  name: 'deletes against edits',
  play: async ({ devices, offline, quiet, random }) => {
    const [a, b] = [element(devices, 0).folder, element(devices, 1).folder];
    const text = () => random.bytes(random.integer(100, 5000)).toString('hex');
    await mkdir(path.join(a, 'shelf', 'drawer'), { recursive: true });
    for (const name of ['lone.txt', 'shelf/edited.txt', 'shelf/plain.txt', 'shelf/drawer/plain.txt'])
      await writeFile(path.join(a, name), text());
    await quiet();
    const kept = new Map<string, string>();
    await offline(async () => {
      await rm(path.join(a, 'lone.txt'));
      await rm(path.join(a, 'shelf'), { recursive: true });
      for (const name of ['lone.txt', 'shelf/edited.txt', 'shelf/fresh.txt']) {
        await writeFile(path.join(b, name), text());
        kept.set(await fileDigest(path.join(b, name)), `${name}, saved while it was deleted elsewhere`);
      }
    });
    return {
      kept,
      conflictCopies: 0,
      check: async (tree) => {
        for (const name of ['shelf/plain.txt', 'shelf/drawer']) if (tree.has(name)) throw new Error(`${name} was deleted and is back`);
      },
    };
  },
};
