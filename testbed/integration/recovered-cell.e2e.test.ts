import { execFile } from 'node:child_process';
import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { waitFor } from '@driftbox/testkit';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { serviceKeyOf } from '../src/add-tenant.ts';
import { createCli } from '../src/run-cli.ts';
import { addSyncDevice, type SyncDevice } from '../src/sync-device.ts';
import { startWorld, type World } from '../src/world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld({ DRIFTBOX_INTERNAL_PORT: '0', DRIFTBOX_RECOVER_WITHIN: '1h' });
}, 60_000);
afterAll(() => world?.close());

const databases = () => path.join(world.dataFolder, 'postgres', 'data');

async function signIn(device: SyncDevice): Promise<void> {
  const by = ['--email', world.email, '--password-file', world.passwordFile, '--device', device.name];
  await device.cli.must('login', '--server', world.address, ...by);
}

/** What a person sees in a folder. */
async function contentsOf(folder: string): Promise<Record<string, string>> {
  const names = (await readdir(folder)).filter((name) => !name.startsWith('.'));
  return Object.fromEntries(await Promise.all(names.map(async (name) => [name, await readFile(path.join(folder, name), 'utf8')] as const)));
}

/** Runs the administrator's command as its own process. */
async function recovered() {
  const { internal } = world.server();
  const cli = createCli(path.join(world.folder, 'admin'), { DRIFTBOX_SERVICE_KEY: await serviceKeyOf(world.dataFolder) });
  const places = Object.entries(internal ?? {}).flatMap(([service, url]) => ['--internal', `${service}=${url}`]);
  return cli.run('admin', 'recovered', '--json', ...places);
}

test('a cell whose databases went back in time: people sign in again, and their devices bring back what they have', async () => {
  const [laptop, desktop] = [await addSyncDevice(world, 'laptop'), await addSyncDevice(world, 'desktop')];
  for (const name of ['stays', 'edited']) await writeFile(path.join(laptop.folder, name), `${name} before`);
  await laptop.syncOnce();
  await desktop.syncOnce();
  await world.server().stop();
  const kept = `${databases()}.kept`;
  // With their owner, who is not this process where it is root.
  await promisify(execFile)('cp', ['-a', databases(), kept]);
  await world.restart();
  // What the databases are not going to know of.
  await writeFile(path.join(laptop.folder, 'edited'), 'edited after');
  await writeFile(path.join(laptop.folder, 'new'), 'new after');
  await laptop.syncOnce();
  await world.server().stop();
  await rm(databases(), { recursive: true });
  await rename(kept, databases());
  await world.restart();
  const { code, stdout } = await recovered();
  expect(JSON.parse(stdout)).toMatchObject({ drives: 1, sessions: expect.any(Number), tenants: [{ findings: [] }] });
  expect(code).toBe(0);
  // Services hear of ended sessions within seconds.
  await waitFor(async () => (await laptop.cli.run('ls')).code === 3);
  for (const device of [laptop, desktop]) await signIn(device);
  for (const device of [laptop, desktop, laptop]) await device.syncOnce();
  // Nobody can tell whether what the server has of it is older: both are kept.
  const seen = await contentsOf(laptop.folder);
  expect(Object.values(seen).sort()).toEqual(['edited after', 'edited before', 'new after', 'stays before']);
  expect(await contentsOf(desktop.folder)).toEqual(seen);
}, 240_000);
