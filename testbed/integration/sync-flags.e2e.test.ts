import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { waitFor } from '@driftbox/testkit';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { addSyncDevice, type SyncDevice } from '../src/sync-device.ts';
import { openWorld, type OpenWorld } from '../src/target/open-world.ts';

const halted = 9;

let world: OpenWorld;
let device: SyncDevice;
let count = 0;
beforeAll(async () => {
  world = await openWorld();
}, 180_000);
afterEach(() => device.stop(), 60_000);
afterAll(() => world.close(), 60_000);

/** A device of its own for a test, and a folder on the server that only this test writes to. */
async function fresh(...flags: string[]): Promise<string> {
  count += 1;
  const top = `flags-${count}`;
  device = await addSyncDevice(world, top);
  await world.cli.must('mkdir', `/${top}`);
  await device.syncOnce('--select', `/${top}`, ...flags);
  return top;
}

const once = (...flags: string[]) => device.cli.run('sync', device.folder, '--once', ...flags);
const status = async () =>
  JSON.parse((await device.cli.run('status', device.folder, '--json')).stdout) as { state: string; reason?: string };

async function onServer(path: string): Promise<string[]> {
  const { stdout } = await world.cli.run('ls', path, '--json');
  return (JSON.parse(stdout) as { items: { name: string }[] }).items.map(({ name }) => name).sort();
}

async function makeFiles(top: string, names: readonly string[]): Promise<void> {
  for (const name of names) await writeFile(`${device.folder}/${top}/${name}`, name);
}

test('a plan that removes a large part waits for a word; a dry run shows it and does nothing', async () => {
  const top = await fresh();
  const names = Array.from({ length: 300 }, (_, index) => `file-${index}`);
  await makeFiles(top, names);
  await device.syncOnce();
  for (const name of names.slice(0, 250)) await rm(`${device.folder}/${top}/${name}`);
  const first = await once();
  expect([first.code, first.stderr]).toEqual([halted, expect.stringContaining('--yes-delete')]);
  expect(await status()).toMatchObject({ state: 'halted', reason: expect.stringContaining('250') });
  const dry = await device.cli.must('sync', device.folder, '--dry-run', '--json');
  expect(dry.match(/"delete"/g)).toHaveLength(250);
  expect((await once()).code).toBe(halted);
  expect(await onServer(`/${top}`)).toHaveLength(300);
  expect((await once('--yes-delete')).code).toBe(0);
  expect(await onServer(`/${top}`)).toEqual(names.slice(250).sort());
}, 300_000);

test('a folder that is gone halts, says so, and removes nothing; begun anew it comes back', async () => {
  const top = await fresh();
  await makeFiles(top, ['a', 'b']);
  await device.syncOnce();
  await rename(device.folder, `${device.folder}-away`);
  for (const isMadeAgain of [false, true]) {
    if (isMadeAgain) await mkdir(device.folder);
    expect((await once()).code).toBe(halted);
    expect(await status()).toMatchObject({ state: 'halted', reason: expect.stringContaining(device.folder) });
  }
  expect((await device.cli.run('sync', device.folder, '--dry-run')).code).toBe(halted);
  expect((await once('--anew', '--select', `/${top}`)).code).toBe(0);
  expect((await readdir(`${device.folder}/${top}`)).sort()).toEqual(['a', 'b']);
  expect(await onServer(`/${top}`)).toEqual(['a', 'b']);
}, 300_000);

test('a dry run changes nothing: neither a new folder, nor what differs from the server, nor what is only here', async () => {
  const top = await fresh();
  await makeFiles(top, ['both']);
  await device.syncOnce();
  const other = await addSyncDevice(world, `${top}-other`);
  await other.syncOnce('--select', `/${top}`);
  await utimes(`${other.folder}/${top}/both`, 1_600_000_000, 1_600_000_000);
  await writeFile(`${other.folder}/${top}/theirs`, 'x');
  await other.syncOnce();
  await makeFiles(top, ['mine']);
  const { mtimeMs } = await stat(`${device.folder}/${top}/both`);
  await device.cli.must('sync', device.folder, '--dry-run');
  expect((await stat(`${device.folder}/${top}/both`)).mtimeMs).toBe(mtimeMs);
  expect((await readdir(`${device.folder}/${top}`)).sort()).toEqual(['both', 'mine']);
  expect(await onServer(`/${top}`)).toEqual(['both', 'theirs']);
  const absent = `${device.folder}-new`;
  const plan = await device.cli.must('sync', absent, '--dry-run', '--json');
  expect([plan.includes('theirs'), existsSync(absent)]).toEqual([true, false]);
}, 300_000);

test('what becomes ignored or is no longer selected stays on the server', async () => {
  const top = await fresh();
  await mkdir(`${device.folder}/${top}/docs`);
  await makeFiles(top, ['docs/kept', 'notes.tmp', 'other']);
  await device.syncOnce();
  await device.syncOnce('--ignore', '*.tmp');
  await rm(`${device.folder}/${top}/notes.tmp`);
  await makeFiles(top, ['never.tmp']);
  await device.syncOnce();
  expect(await onServer(`/${top}`)).toEqual(['docs', 'notes.tmp', 'other']);
  await writeFile(`${device.folder}/${top}/docs/.driftboxignore`, 'secret\n');
  await makeFiles(top, ['docs/secret']);
  await device.syncOnce('--select', `/${top}/docs`);
  expect(existsSync(`${device.folder}/${top}/other`)).toBe(false);
  expect(await onServer(`/${top}`)).toEqual(['docs', 'notes.tmp', 'other']);
  expect(await onServer(`/${top}/docs`)).toEqual(['.driftboxignore', 'kept']);
  await device.syncOnce('--select', `/${top}`);
  expect(existsSync(`${device.folder}/${top}/other`)).toBe(true);
}, 300_000);

test('it rests while paused, over a restart too, goes on when told, logs what it did, and ends with 0 at a signal', async () => {
  const top = await fresh();
  device.start();
  await waitFor(() => device.saidState() === 'in_sync', { deadlineMs: 60_000, what: 'the first quiet' });
  await device.cli.must('pause', device.folder);
  await waitFor(() => device.saidState() === 'paused', { deadlineMs: 60_000, what: 'the pause' });
  await makeFiles(top, ['written-meanwhile']);
  await device.stop();
  expect(device.complaints()).toContain('(ended with 0)');
  device.start();
  await waitFor(() => device.saidState() === 'paused', { deadlineMs: 60_000, what: 'the pause after a restart' });
  expect(await onServer(`/${top}`)).toEqual([]);
  await device.cli.must('resume', device.folder);
  await waitFor(async () => (await onServer(`/${top}`)).length === 1, { deadlineMs: 60_000, what: 'what was written meanwhile' });
  process.kill(device.pid()!, 'SIGTERM');
  await waitFor(() => device.complaints().match(/\(ended with 0\)/g)?.length === 2, { deadlineMs: 60_000, what: 'the end' });
  expect(await device.cli.must('log', device.folder)).toContain(`${top}/written-meanwhile`);
}, 300_000);
