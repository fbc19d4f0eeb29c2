import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createClient, httpTransport } from '@driftbox/api-client';
import { parseDriveId, type UserId } from '@driftbox/domain';
import { routes, type Head } from '@driftbox/protocol';
import { newId, waitFor, type TestDatabase } from '@driftbox/testkit';
import { newUser, openTestDatabase, startWorld, type World } from './testing/world.ts';

let db: TestDatabase;
let world: World;
let ada: UserId;
let home: Head;
const closers: (() => unknown)[] = [];
beforeAll(async () => void (db = await openTestDatabase()), 60_000);
afterAll(() => db.drop());
beforeEach(async () => {
  world = await startWorld(db);
  ada = newUser();
  home = world.metadata.grant(ada);
});
afterEach(async () => {
  await world.close();
  for (const close of closers.splice(0)) await close();
});

const written = (...heads: Head[]): string => heads.map(({ drive, driveEpoch, seq }) => `${drive}:${driveEpoch}:${seq}`).join(',');

/** One client's long polls. */
function poller(userId: UserId) {
  const transport = httpTransport(world.address);
  closers.push(() => transport.close());
  const token = world.token(userId);
  const client = createClient({ transport, token: () => token, retry: { attempts: 1 } });
  return (query: { cursors?: string; applied?: string; drivesTag?: string } = {}, deadlineMs = 20_000) =>
    client.call(routes.waitForChanges, { query, deadlineMs });
}

describe('a poll', () => {
  test('without cursors is answered at once with all heads', async () => {
    const other = world.metadata.grant(ada);
    const { heads } = await poller(ada)();
    expect(new Set(heads)).toEqual(new Set([home, other]));
  });

  test.each([
    ['behind', (): Head => ({ ...home, seq: 0 })],
    ['in another epoch', (): Head => ({ ...home, seq: 3, driveEpoch: newId(parseDriveId) })],
  ])('%s is answered at once', async (_, cursor) => {
    const poll = poller(ada);
    await poll();
    await world.publish({ ...home, seq: 3 });
    await waitFor(async () => (await poll()).heads[0]?.seq === 3);
    expect((await poll({ cursors: written(cursor()) })).heads).toEqual([{ ...home, seq: 3 }]);
  });

  test('that is up to date waits, is answered by a commit in its drives alone, and costs no question', async () => {
    const other = world.metadata.grant(ada);
    const polls = Array.from({ length: 20 }, () => poller(ada));
    await Promise.all(polls.map((poll) => poll()));
    const waiting = polls.map((poll) => poll({ cursors: written(home) }));
    let answered = 0;
    for (const one of waiting) void one.then(() => (answered += 1));
    await world.publish(world.metadata.commit(other.drive));
    await waitFor(async () => (await polls[0]!()).heads.some(({ drive, seq }) => drive === other.drive && seq === 1));
    expect(answered).toBe(0);
    const head = world.metadata.commit(home.drive);
    await world.publish(head);
    for (const one of waiting) expect((await one).heads).toEqual([head]);
    expect(world.metadata.questions()).toBe(1);
  });

  test('ends empty before its deadline, and when the server stops', async () => {
    expect((await poller(ada)({ cursors: written(home) }, 700)).heads).toEqual([]);
    const bob = newUser();
    const waiting = poller(bob)({ cursors: written(world.metadata.grant(bob)) });
    await waitFor(() => world.metadata.questions() === 2);
    await world.stop();
    expect((await waiting).heads).toEqual([]);
  });

  test('is answered when the drives of its user change', async () => {
    const poll = poller(ada);
    const { drivesTag } = await poll();
    const waiting = poll({ cursors: written(home), drivesTag });
    const shared = world.metadata.grant(ada);
    await world.tell('grant.changed', { drive: shared.drive, subject: ada });
    const answer = await waiting;
    expect(answer.heads).toEqual([]);
    expect(answer.drivesTag).not.toBe(drivesTag);
    expect((await poll({ cursors: written(home), drivesTag })).drivesTag).toBe(answer.drivesTag);
  });

  test('learns nothing of drives that are not its user’s', async () => {
    const secret = world.metadata.grant(newUser());
    expect((await poller(ada)({ cursors: written({ ...secret, seq: 0 }) }, 600)).heads).toEqual([]);
  });

  test.each(['x', 'a:b:c', `${newId(parseDriveId)}:${newId(parseDriveId)}:-1`, Array.from({ length: 101 }, () => 'a:b:1').join(',')])(
    'of %.20s is refused',
    async (cursors) => {
      await expect(poller(ada)({ cursors })).rejects.toMatchObject({ code: 'invalid_argument' });
    },
  );
});

test('where there is no way for sockets a client polls, and goes on as it did', async () => {
  // What many a proxy is: it forwards requests, and knows nothing of upgrades.
  const proxy = http.createServer((request, response) => {
    const { upgrade: _, connection: __, ...headers } = request.headers;
    const onward = http.request({ port: world.port, host: '127.0.0.1', path: request.url, method: request.method, headers }, (answer) => {
      response.writeHead(answer.statusCode!, answer.headers);
      answer.pipe(response);
    });
    onward.on('error', () => response.destroy());
    request.pipe(onward);
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  closers.push(() => void (proxy.closeAllConnections(), proxy.close()));
  const followed = world.follow(ada, { address: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}` });
  await waitFor(() => followed.hints.state === 'polling', { deadlineMs: 20_000 });
  expect(followed.told).toEqual([home]);
  const head = world.metadata.commit(home.drive);
  await world.publish(head);
  await waitFor(() => followed.told.at(-1)?.seq === 1);
  expect(await followed.hints.heads()).toEqual([head]);
  const shared = world.metadata.grant(ada);
  await world.tell('grant.changed', { drive: shared.drive, subject: ada });
  await waitFor(() => followed.changes() === 1);
  await waitFor(() => followed.told.some(({ drive }) => drive === shared.drive));
  followed.hints.report([head]);
  const client = createClient({ transport: httpTransport(world.address), token: () => world.token(ada) });
  await world.publish(world.metadata.commit(shared.drive));
  await waitFor(async () =>
    (await client.call(routes.listDeviceCursors)).items.some(({ drive, seq }) => drive === home.drive && seq === 1),
  );
});
