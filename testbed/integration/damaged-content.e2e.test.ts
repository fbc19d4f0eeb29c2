import { randomBytes } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { packsOnDisk } from '../src/packs-on-disk.ts';
import { addSyncDevice } from '../src/sync-device.ts';
import { startWorld, type World } from '../src/world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
}, 60_000);
afterAll(() => world?.close());

const packs = (): Promise<string[]> => packsOnDisk(world.dataFolder);

test('files that are damaged on the server keep no other from a device or a download, and both say which they are', async () => {
  const laptop = await addSyncDevice(world, 'laptop');
  for (const name of ['a', 'b', 'c', 'd', 'e']) {
    const before = new Set(await packs());
    await writeFile(path.join(laptop.folder, name), randomBytes(3_000));
    await laptop.syncOnce();
    if (name !== 'b' && name !== 'd') continue;
    const made = (await packs()).filter((pack) => !before.has(pack));
    expect(made.length).toBeGreaterThan(0);
    for (const pack of made) await writeFile(pack, 'damaged');
  }
  const desktop = await addSyncDevice(world, 'desktop');
  const synced = await desktop.cli.run('sync', desktop.folder, '--once');
  const copy = path.join(world.folder, 'copy');
  const got = await desktop.cli.run('get', '/', copy);
  for (const [folder, { code, stdout, stderr }] of [
    [desktop.folder, synced],
    [copy, got],
  ] as const) {
    expect((await readdir(folder)).filter((name) => !name.startsWith('.')).sort()).toEqual(['a', 'c', 'e']);
    for (const name of ['a', 'c', 'e'])
      expect(await readFile(path.join(folder, name))).toEqual(await readFile(path.join(laptop.folder, name)));
    expect(code).not.toBe(0);
    for (const name of ['b', 'd']) expect(stdout + stderr).toMatch(new RegExp(`\\b${name}\\b.*cannot be read`));
  }
}, 120_000);
