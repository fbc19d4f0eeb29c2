import { setImmediate as turn } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { parseTenantId, type UserId } from '@driftbox/domain';
import type { Head } from '@driftbox/protocol';
import { newId, waitFor, type TestDatabase } from '@driftbox/testkit';
import { followMostSockets } from './most-sockets.ts';
import { openRawSocket, type RawSocket } from './testing/raw-socket.ts';
import { newUser, openTestDatabase, startWorld, type World } from './testing/world.ts';

let db: TestDatabase;
let world: World;
let ada: UserId;
const raw: RawSocket[] = [];
beforeAll(async () => void (db = await openTestDatabase()), 60_000);
afterAll(() => db.drop());
beforeEach(async () => {
  world = await startWorld(db, { socketLimits: { all: 3_000, perTenant: 3_000, perUser: 200 } });
  ada = newUser();
});
afterEach(async () => {
  for (const one of raw.splice(0)) one.close();
  await world.close();
});

async function rawSocket(userId: UserId): Promise<RawSocket> {
  const socket = await openRawSocket(world.port, await world.token(userId));
  raw.push(socket);
  return socket;
}
const openSockets = async (): Promise<number> =>
  Number(/^driftbox_sync_sockets (\d+)$/m.exec(await world.registry.getSingleMetricAsString('driftbox_sync_sockets'))?.[1]);

test('a thousand sockets are told of a commit', async () => {
  const users = Array.from({ length: 20 }, newUser);
  const home = world.metadata.grant(users[0]!);
  for (const user of users) world.metadata.grant(user, home);
  const followers = users.flatMap((user) => Array.from({ length: 50 }, () => world.follow(user)));
  await waitFor(() => followers.every(({ hints }) => hints.state === 'socket'), { deadlineMs: 120_000, what: 'the thousand sockets' });
  const head = world.metadata.commit(home.drive);
  await world.publish(head);
  await waitFor(() => followers.every(({ told }) => told.at(-1)?.seq === head.seq), { deadlineMs: 60_000, what: 'the last hint' });
  expect(world.metadata.questions()).toBe(users.length);
}, 240_000);

test('one socket too many is refused, of a user, of a tenant, and in all; others go on', async () => {
  await world.close();
  world = await startWorld(db, { socketLimits: { all: 6, perTenant: 4, perUser: 2 } });
  const [bob, eve, zoe] = [newUser(), newUser(), newUser()];
  const tid = newId(parseTenantId);
  const refused = async (follow: ReturnType<World['follow']>): Promise<void> => {
    await waitFor(() => follow.errors.length > 0);
    expect(follow.errors[0]).toMatchObject({ code: 'rate_limited', retryAfterSeconds: 30 });
    await follow.hints.close();
  };
  for (const user of [ada, ada]) world.follow(user);
  await waitFor(async () => (await openSockets()) === 2);
  await refused(world.follow(ada));
  for (const user of [bob, bob]) world.follow(user);
  await waitFor(async () => (await openSockets()) === 4);
  await refused(world.follow(eve));
  for (const user of [eve, zoe]) world.follow(user, { token: () => world.token(user, { tid }) });
  await waitFor(async () => (await openSockets()) === 6);
  await refused(world.follow(zoe, { token: () => world.token(zoe, { tid }) }));
  expect(await openSockets()).toBe(6);
});

test('a tenant has no more sockets than its own limit, as it is at the moment', async () => {
  await world.close();
  let most = 1;
  world = await startWorld(db, { mostSockets: () => Promise.resolve(most) });
  const one = world.follow(ada);
  await waitFor(() => one.hints.state === 'socket');
  const two = world.follow(newUser());
  await waitFor(() => two.errors.length > 0);
  expect(two.errors[0]).toMatchObject({ code: 'rate_limited', retryAfterSeconds: 30 });
  await two.hints.close();
  most = 2;
  const three = world.follow(newUser());
  await waitFor(() => three.hints.state === 'socket');
});

test('what cannot be found out limits nobody', async () => {
  const most = followMostSockets(() => Promise.reject(new Error('metadata is away')));
  expect(await most(world.tenantId)).toBe(Infinity);
  expect(await followMostSockets(() => Promise.resolve({ sockets: 3 }))(world.tenantId)).toBe(3);
});

test('a socket that reads nothing is kept the newest hint of each drive and no more, and has it when it reads', async () => {
  const drives = Array.from({ length: 900 }, () => world.metadata.grant(ada));
  const slow = await rawSocket(ada);
  const quick = world.follow(ada);
  await waitFor(async () => (await openSockets()) === 2 && quick.told.length === drives.length);
  const rounds = 120;
  const last = new Map<string, Head>();
  for (let round = 0; round < rounds; round += 1) {
    for (const { drive } of drives) {
      const head = world.metadata.commit(drive);
      last.set(drive, head);
      await world.publish(head, { event: false });
    }
    await waitFor(() => quick.told.at(-1)?.seq === round + 1, { deadlineMs: 20_000 });
  }
  slow.read();
  const hints = (): Head[] =>
    slow.messages.filter((text) => text.startsWith('42["hint"')).map((text) => (JSON.parse(text.slice(2)) as [string, Head])[1]);
  await waitFor(() => hints().filter(({ seq }) => seq === rounds).length >= drives.length, { deadlineMs: 20_000 });
  const newest = new Map(hints().map((head) => [head.drive as string, head]));
  expect(newest).toEqual(last);
  // What the system's buffers took in the meantime, and one round after that: far less than was published.
  expect(hints().length).toBeLessThan((rounds * drives.length) / 2);
}, 120_000);

test('who asks and does not read is cut off', async () => {
  for (let drives = 0; drives < 1_000; drives += 1) world.metadata.grant(ada);
  const slow = await rawSocket(ada);
  await waitFor(async () => (await openSockets()) === 1);
  for (let questions = 0; questions < 118; questions += 1) {
    slow.send(`42${questions}["heads",{}]`);
    await turn();
  }
  await waitFor(async () => (await openSockets()) === 0, { deadlineMs: 20_000 });
});

test.each([
  ['floods', (n: number) => `42${n}["cursors",{"cursors":[]}]`, 121],
  ['sends what is no message', () => '42["heads",{"digest":"short"}]', 1],
  ['sends what is not even JSON', () => '42[', 1],
  ['sends more than any message may be', () => `42["renew",{"token":"${'x'.repeat(60_000)}"}]`, 4],
])('who %s is cut off, and others are not', async (_, message, times) => {
  const other = world.follow(newUser());
  await waitFor(() => other.hints.state === 'socket');
  const odd = await rawSocket(ada);
  await waitFor(async () => (await openSockets()) === 2);
  for (let n = 0; n < times; n += 1) odd.send(message(n));
  odd.read();
  await waitFor(async () => (await openSockets()) === 1);
  expect(other.hints.state).toBe('socket');
});

test('a connection has one try at a handshake', async () => {
  const odd = await openRawSocket(world.port, 'no token');
  raw.push(odd);
  odd.read();
  await waitFor(() => odd.messages.some((text) => text.startsWith('44')));
  odd.send(`40${JSON.stringify({ token: await world.token(ada), protocol: 1 })}`);
  await waitFor(() => odd.isClosed());
  expect(await openSockets()).toBe(0);
});
