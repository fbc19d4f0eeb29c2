import { createHash, randomBytes } from 'node:crypto';
import { chmod, mkdir, readFile, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { waitFor } from '@driftbox/testkit';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { addSyncDevice, type SyncDevice } from '../src/sync-device.ts';
import { listTree, listingDifferences, type TreeListing } from '../src/tree-listing.ts';
import { openWorld, type OpenWorld } from '../src/target/open-world.ts';
import { testThatNeeds } from '../src/target/test-that-needs.ts';

// One drive for all tests of this file; each keeps to a folder of its own, and the devices go on from where the last one ended.
let world: OpenWorld;
let one: SyncDevice;
let two: SyncDevice;
beforeAll(async () => {
  world = await openWorld();
  [one, two] = [await addSyncDevice(world, 'one'), await addSyncDevice(world, 'two')];
}, 180_000);
afterEach(async () => void (await Promise.all([one.stop(), two.stop()])), 60_000);
afterAll(() => world.close(), 60_000);

const put = (device: SyncDevice, name: string, text: string | Uint8Array) => writeFile(`${device.folder}/${name}`, text);
const sha = (text: string): string => createHash('sha256').update(text).digest('hex');

/** What both folders hold below `top` once they hold the same and it is as `wanted`. */
async function untilEqual(top: string, wanted: (tree: TreeListing) => boolean = () => true): Promise<TreeListing> {
  return waitFor(
    async () => {
      const [mine, theirs] = await Promise.all([listTree(`${one.folder}/${top}`), listTree(`${two.folder}/${top}`)]);
      const differences = listingDifferences(mine, theirs);
      if (differences.length > 0) throw new Error(`${differences.join('\n')}\n${one.complaints()}\n${two.complaints()}`);
      if (!wanted(mine)) throw new Error(`equal, but not as wanted: ${[...mine.keys()].join(', ')}`);
      return mine;
    },
    { deadlineMs: 90_000, what: 'the equality of the folders' },
  );
}

const names = (tree: TreeListing): string => [...tree.keys()].sort().join();

test('what is made, edited, renamed and removed on either device is so on the other', async () => {
  await mkdir(`${one.folder}/all/docs/deep`, { recursive: true });
  await put(one, 'all/docs/a.txt', 'one');
  await put(one, 'all/docs/deep/empty', '');
  await put(one, 'all/large.bin', randomBytes(5_000_000));
  await put(one, 'all/run.sh', '#!/bin/sh\n');
  await chmod(`${one.folder}/all/run.sh`, 0o755);
  await symlink('docs/a.txt', `${one.folder}/all/link`);
  one.start();
  two.start();
  await untilEqual('all', (tree) => names(tree) === 'docs,docs/a.txt,docs/deep,docs/deep/empty,large.bin,link,run.sh');
  expect((await stat(`${two.folder}/all/large.bin`)).mtimeMs).toBeCloseTo((await stat(`${one.folder}/all/large.bin`)).mtimeMs, -1);
  await put(two, 'all/docs/a.txt', 'two, edited');
  await untilEqual('all', (tree) => tree.get('docs/a.txt') === sha('two, edited'));
  await rename(`${one.folder}/all/docs`, `${one.folder}/all/papers`);
  await untilEqual('all', (tree) => tree.has('papers/deep/empty') && !tree.has('docs'));
  await rm(`${two.folder}/all/papers`, { recursive: true });
  await rm(`${two.folder}/all/link`);
  await untilEqual('all', (tree) => names(tree) === 'large.bin,run.sh');
}, 300_000);

test('two edits of one file while both were away end as one file and one conflict copy, on both', async () => {
  await mkdir(`${one.folder}/edits`);
  await put(one, 'edits/plan.txt', 'first');
  await one.syncOnce();
  await two.syncOnce();
  await put(one, 'edits/plan.txt', 'by one');
  await put(two, 'edits/plan.txt', 'by two, longer');
  for (const device of [one, two, one, two]) await device.syncOnce();
  const tree = await untilEqual('edits');
  expect([...tree.values()].sort()).toEqual([sha('by one'), sha('by two, longer')].sort());
  const told = JSON.parse(await two.cli.must('conflicts', two.folder, '--json')) as { conflicts: string[] };
  expect(told.conflicts).toEqual([expect.stringMatching(/^edits\/plan \(conflicted copy of .+\)\.txt$/)]);
}, 300_000);

test('an edit beats a delete made meanwhile elsewhere', async () => {
  await mkdir(`${one.folder}/gone/d`, { recursive: true });
  await put(one, 'gone/d/kept', 'first');
  await put(one, 'gone/away', 'first');
  await one.syncOnce();
  await two.syncOnce();
  await rm(`${one.folder}/gone/d`, { recursive: true });
  await rm(`${one.folder}/gone/away`);
  await put(two, 'gone/d/kept', 'edited');
  for (const device of [one, two, one, two]) await device.syncOnce();
  expect(names(await untilEqual('gone'))).toBe('d,d/kept');
}, 300_000);

testThatNeeds('ownServer')(
  'killed in the midst of things, clients and server go on where they were',
  async () => {
    await mkdir(`${one.folder}/many`);
    for (let index = 0; index < 200; index += 1) await put(one, `many/f${index}`, randomBytes(index * 20));
    await put(one, 'many/large', randomBytes(20_000_000));
    one.start();
    two.start();
    await waitFor(async () => (await listTree(two.folder)).has('many/f0'), { deadlineMs: 120_000, what: 'the first file' });
    await Promise.all([one.kill(), two.kill(), world.own().server().kill()]);
    await world.own().restart();
    one.start();
    two.start();
    const tree = await untilEqual('many', (now) => now.size === 201);
    expect(names(tree)).not.toContain('conflicted');
    expect((await readFile(`${two.folder}/many/large`)).equals(await readFile(`${one.folder}/many/large`))).toBe(true);
  },
  400_000,
);

test('a second client on one folder is refused; an empty folder in the place of the synced one halts and deletes nothing', async () => {
  await one.syncOnce();
  one.start();
  // Until the first one has the folder, the second would get it and the first be refused.
  await waitFor(
    async () => {
      const { stdout } = await one.cli.run('status', one.folder, '--json');
      return (JSON.parse(stdout) as { running: boolean }).running;
    },
    { deadlineMs: 60_000, what: 'the first client at work' },
  );
  const second = await one.cli.run('sync', one.folder, '--once');
  expect(second.code).not.toBe(0);
  expect(second.stderr).toContain('already');
  await one.stop();
  const before = await one.cli.must('ls', '/', '--json');
  await rename(one.folder, `${one.folder}-away`);
  await mkdir(one.folder);
  const halted = await one.cli.run('sync', one.folder, '--once');
  expect([halted.code, halted.stderr]).toEqual([9, expect.stringContaining('not the folder that was synced')]);
  expect(await one.cli.must('ls', '/', '--json')).toBe(before);
  await rm(one.folder, { recursive: true });
  await rename(`${one.folder}-away`, one.folder);
  await one.syncOnce();
}, 300_000);
