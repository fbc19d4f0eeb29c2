import path from 'node:path';
import { waitFor } from '@driftbox/testkit';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createCli, type Cli } from '../src/run-cli.ts';
import { openWorld, type OpenWorld } from '../src/target/open-world.ts';
import { testThatNeeds } from '../src/target/test-that-needs.ts';

/** Exit codes of docs/cli.md. */
const [usage, notFound, refused] = [2, 4, 3];

let world: OpenWorld;
beforeAll(async () => void (world = await openWorld()));
afterAll(() => world?.close());

/** Signs the same person in somewhere else. */
async function signIn(config: string, device: string): Promise<Cli> {
  const cli = createCli(path.join(world.folder, config));
  await cli.must('login', '--server', world.address, '--email', world.email, '--password-file', world.passwordFile, '--device', device);
  return cli;
}

/** Replicas hear of a session's end one after the other. */
const untilRefused = (cli: Cli): Promise<unknown> =>
  waitFor(async () => (await cli.run('ls')).code === refused, { deadlineMs: 15_000, what: 'the end of the session' });

type Listed = { items: { deviceId: string; sessionId: string; name: string; deviceName: string; current: boolean }[] };
const listed = async (...args: string[]): Promise<Listed['items']> => (JSON.parse(await world.cli.must(...args, '--json')) as Listed).items;

test('a device is signed out from afar, and needs to sign in again', async () => {
  const phone = await signIn('phone', 'a phone');
  const all = await listed('devices');
  expect(all.filter(({ current }) => current)).toHaveLength(1);
  expect(all.map(({ name }) => name)).toContain('a phone');
  expect(await world.cli.must('devices')).toMatch(/ a phone \(cli\) {2}last seen \S+ \S+\n/);
  expect(await world.cli.must('devices', 'remove', 'a phone')).toMatch(/^removed and signed out: a phone\n/);
  await untilRefused(phone);
  expect((await listed('devices')).map(({ name }) => name)).not.toContain('a phone');
  await world.cli.must('ls');
});

test('a session ends by its id, and the device is still one', async () => {
  const tablet = await signIn('tablet', 'a tablet');
  const session = (await listed('devices', 'sessions')).find(({ deviceName }) => deviceName === 'a tablet');
  await world.cli.must('devices', 'end', session?.sessionId ?? '');
  await untilRefused(tablet);
  expect((await listed('devices')).map(({ name }) => name)).toContain('a tablet');
});

// The first account of a server is its administrator's.
testThatNeeds('ownServer')('an administrator signs others out, and sees and sets how much they may hold', async () => {
  await signIn('watch', 'a watch');
  const { email } = world;
  expect(await world.cli.must('admin', 'devices', email)).toMatch(/ a watch \(cli\) {2}last seen /);
  expect(await world.cli.must('admin', 'devices', email, 'remove', 'a watch')).toBe(`removed and signed out: a watch of ${email}\n`);
  const lamp = await signIn('lamp', 'a lamp');
  const session = (await listed('admin', 'sessions', email)).find(({ deviceName }) => deviceName === 'a lamp');
  await world.cli.must('admin', 'sessions', email, 'end', session?.sessionId ?? '');
  await untilRefused(lamp);
  expect(await world.cli.must('admin', 'quotas', email, '20GiB')).toMatch(/ of 20\.0 GiB .*\(a limit of their own\)\n/);
  expect(await world.cli.must('admin', 'usage')).toMatch(new RegExp(`^everybody: .*\\n(?:.*\\n)*${email}: .* of 20\\.0 GiB`));
  expect(await world.cli.must('admin', 'quotas', email, 'default')).not.toContain('of their own');
  expect(await world.cli.must('admin', 'links')).toBe('');
  const codes = [];
  for (const words of [
    ['devices'],
    ['devices', email, 'remove'],
    ['sessions', email, 'remove', 'x'],
    ['quotas', email],
    ['quotas', email, '5GB'],
  ])
    codes.push((await world.cli.run('admin', ...words)).code);
  expect(codes).toEqual([usage, usage, usage, usage, usage]);
  expect((await world.cli.run('admin', 'devices', 'nobody@example.com')).stderr).toContain('nobody of the tenant');
});

test('a name that is nobody’s, that of two, and words too many are told', async () => {
  for (const config of ['one', 'other']) await signIn(config, 'twin');
  const codes = [];
  for (const words of [['remove', 'nothing'], ['remove', 'twin'], ['remove'], ['list', 'more'], ['melt'], ['end', 'nothing']])
    codes.push((await world.cli.run('devices', ...words)).code);
  expect(codes).toEqual([notFound, usage, usage, usage, usage, notFound]);
  expect((await world.cli.run('devices', 'remove', 'twin')).stderr).toContain('name one by its id');
});
