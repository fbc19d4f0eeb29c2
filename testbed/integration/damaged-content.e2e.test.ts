import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { readZip } from '@driftbox/testkit';
import { packsOnDisk } from '../src/packs-on-disk.ts';
import { addSyncDevice } from '../src/sync-device.ts';
import { startWorld, type World } from '../src/world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
}, 60_000);
afterAll(() => world?.close());

const packs = (): Promise<string[]> => packsOnDisk(world.dataFolder);
/** Damages all packs that something writes. */
async function damaging(work: () => Promise<unknown>): Promise<void> {
  const before = new Set(await packs());
  await work();
  const made = (await packs()).filter((pack) => !before.has(pack));
  expect(made.length).toBeGreaterThan(0);
  for (const pack of made) await writeFile(pack, 'damaged');
}

test('files that are damaged on the server keep no other from a device or a download, and both say which they are', async () => {
  const laptop = await addSyncDevice(world, 'laptop');
  const desktop = await addSyncDevice(world, 'desktop');
  const inDocs = (folder: string, name = '') => path.join(folder, 'docs', name);
  const save = async (files: Readonly<Record<string, Buffer>>) => {
    for (const [name, bytes] of Object.entries(files)) await writeFile(inDocs(laptop.folder, name), bytes);
    await laptop.syncOnce();
  };
  await mkdir(inDocs(laptop.folder));
  const big = randomBytes(14_000_000);
  await save({ big });
  await desktop.syncOnce();
  const copy = path.join(world.folder, 'copy');
  const fresh = path.join(world.folder, 'fresh');
  expect(await desktop.cli.run('get', '/', copy)).toMatchObject({ code: 0 });

  await save({ a: randomBytes(3_000), c: randomBytes(3_000), e: randomBytes(3_000) });
  await damaging(() => save({ b: randomBytes(3_000), d: randomBytes(3_000) }));
  // Of its newest revision only the end is damaged: who has nothing of it meets that deep in the answer.
  await damaging(() => save({ big: Buffer.concat([big.subarray(0, 12_000_000), randomBytes(3_000_000)]) }));

  // Nobody has met what is damaged in this one: who has a link is told all the same, and not only that the answer broke off.
  const deep = path.join(world.folder, 'deep');
  await writeFile(deep, Buffer.concat([big.subarray(0, 12_000_000), randomBytes(3_000_000)]));
  await damaging(() => laptop.cli.must('put', deep, '/deep'));
  const linked = /https?:\S+/.exec((await laptop.cli.run('link', 'create', '/deep')).stdout)![0];
  const fetched = await desktop.cli.run('fetch', linked, path.join(world.folder, 'fetched'));
  expect(fetched).toMatchObject({ code: 1, stderr: expect.stringContaining('damaged on the server') });
  await laptop.cli.must('rm', '/deep');

  const link = await laptop.cli.run('link', 'create', '/docs');
  const zip = path.join(world.folder, 'docs.zip');
  for (const [folder, { code, stdout, stderr }, had] of [
    [fresh, await desktop.cli.run('get', '/', fresh), []],
    [desktop.folder, await desktop.cli.run('sync', desktop.folder, '--once'), ['big']],
    [copy, await desktop.cli.run('get', '/', copy), ['big']],
  ] as const) {
    const names = (await readdir(inDocs(folder))).filter((name) => !name.startsWith('.'));
    expect([folder, names.sort()]).toEqual([folder, ['a', ...had, 'c', 'e']]);
    for (const name of ['a', 'c', 'e']) expect(await readFile(inDocs(folder, name))).toEqual(await readFile(inDocs(laptop.folder, name)));
    for (const name of had) expect((await readFile(inDocs(folder, name))).equals(big)).toBe(true);
    expect(code).not.toBe(0);
    for (const name of ['b', 'd', 'big']) expect(stdout + stderr).toMatch(new RegExp(`\\b${name}\\b.*cannot be read`));
  }

  const address = /https?:\S+/.exec(link.stdout)![0];
  expect(await desktop.cli.run('fetch', address, zip)).toMatchObject({ code: 0 });
  const archived = readZip(await readFile(zip));
  expect([...archived.keys()].sort()).toEqual(['docs/Damaged files.txt', 'docs/a', 'docs/c', 'docs/e']);
  expect(archived.get('docs/Damaged files.txt')!.toString().split('\n').slice(2).sort()).toEqual(['', 'docs/b', 'docs/big', 'docs/d']);
  expect(archived.get('docs/a')!.equals(await readFile(inDocs(laptop.folder, 'a')))).toBe(true);

  // Who has the bytes still saves a copy, and whatever names them is whole again.
  await laptop.cli.must('put', inDocs(laptop.folder), '/again');
  const whole = path.join(world.folder, 'whole');
  expect(await desktop.cli.run('get', '/', whole)).toMatchObject({ code: 0 });
  for (const folder of ['docs', 'again']) {
    for (const name of ['a', 'b', 'c', 'd', 'e', 'big']) {
      const healed = await readFile(path.join(whole, folder, name));
      expect([folder, name, healed.equals(await readFile(inDocs(laptop.folder, name)))]).toEqual([folder, name, true]);
    }
  }
}, 300_000);
