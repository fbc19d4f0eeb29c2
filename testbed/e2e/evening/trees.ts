import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { waitFor } from '@driftbox/testkit';
import type { SyncDevice } from '../../src/sync-device.ts';
import { listTree } from '../../src/tree-listing.ts';
import { compareFolders } from '../compare-folders.ts';
import { untilQuiet } from '../until-quiet.ts';
import type { Person } from './people.ts';
import { patience } from './place.ts';

/** Files by path, as text; folders follow from them. */
export type Files = Readonly<Record<string, string>>;

/** Writes files into a synced folder, and the folders above them. */
export async function write({ folder }: SyncDevice, files: Files): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(folder, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, text);
  }
}

/** Waits until a device holds exactly this text in that file. */
export async function arrival(device: SyncDevice, name: string, text: string): Promise<void> {
  const wanted = digestOf(text);
  await waitFor(async () => digestIn(await listTree(device.folder), name) === wanted, {
    ...patience,
    longestPauseMs: 250,
    what: `${name} on ${device.name}`,
  });
}

/** Waits until all devices of a person are done, and answers where they differ from each other and from what is stated. */
export async function wrongTrees({ name, devices }: Person, stated: Files): Promise<string[]> {
  const tree = await untilQuiet(devices);
  const found = new Map([...tree].filter(([, kind]) => kind !== 'folder').map(([file]) => [file, digestIn(tree, file)]));
  const wanted = new Map(Object.entries(stated).map(([file, text]) => [file, digestOf(text)]));
  const names = [...new Set([...found.keys(), ...wanted.keys()])];
  const unlike = names
    .filter((file) => found.get(file) !== wanted.get(file))
    .map((file) => `${file} ${found.has(file) ? (wanted.has(file) ? 'holds something else' : 'is not stated') : 'is missing'}`);
  const apart = devices.length < 2 ? [] : await compareFolders(devices.map(({ folder }) => folder));
  return [...unlike, ...apart].map((line) => `${name}: ${line}`);
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function digestIn(tree: ReadonlyMap<string, string>, name: string): string | undefined {
  return tree.get(name)?.split(' ')[0];
}
