import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { parseSessionId, parseTenantId, type UserId } from '@driftbox/domain';
import type { Head } from '@driftbox/protocol';
import { newId, waitFor, type TestDatabase } from '@driftbox/testkit';
import { newUser, openTestDatabase, startWorld, type Followed, type World } from './testing/world.ts';

let db: TestDatabase;
let world: World;
let ada: UserId;
let home: Head;
beforeAll(async () => void (db = await openTestDatabase()), 60_000);
afterAll(() => db.drop());
beforeEach(async () => {
  world = await startWorld(db);
  ada = newUser();
  home = world.metadata.grant(ada);
});
afterEach(() => world.close());

const connected = (followed: Followed) => waitFor(() => followed.hints.state === 'socket' && followed.told.length > 0);
const has = (followed: Followed, head: Head) =>
  waitFor(() => followed.told.some(({ drive, seq }) => drive === head.drive && seq === head.seq));

describe('a hint', () => {
  test('reaches all sockets of all who may read the drive, once, and nobody else', async () => {
    const [bob, eve] = [newUser(), newUser()];
    world.metadata.grant(bob, home);
    world.metadata.grant(eve);
    const followers = [world.follow(ada), world.follow(ada), world.follow(bob)];
    const stranger = world.follow(eve);
    for (const one of [...followers, stranger]) await connected(one);
    const head = world.metadata.commit(home.drive);
    await world.publish(head);
    for (const one of followers) await has(one, head);
    await world.publish(head);
    const last = world.metadata.commit(home.drive);
    await world.publish(last);
    for (const one of followers) await has(one, last);
    for (const { told } of followers) expect(told).toEqual([home, head, last]);
    expect(stranger.told.some(({ drive }) => drive === home.drive)).toBe(false);
  });

  test.each([
    ['that was lost is made good by the event of its commit', { hint: false }],
    ['needs no event', { event: false }],
  ])('%s', async (_, by) => {
    const followed = world.follow(ada);
    await connected(followed);
    const head = world.metadata.commit(home.drive);
    await world.publish(head, by);
    await has(followed, head);
  });

  test('of which sync learnt otherwise is made good when the client asks for heads', async () => {
    const followed = world.follow(ada, { headsEveryMs: 50 });
    await connected(followed);
    const head = world.metadata.commit(home.drive);
    // Neither hint nor event of this commit: the list of drives that an unrelated event leads to says how far they go.
    await world.tell('grant.changed', { drive: home.drive });
    await has(followed, head);
    expect(await followed.hints.heads()).toEqual([head]);
  });

  test('that came while the client was away is told when it is back', async () => {
    const token = await world.token(ada, {}, 1_500);
    const followed = world.follow(ada, { token: async () => (followed.states.includes('connecting') ? world.token(ada) : token) });
    await connected(followed);
    await waitFor(() => followed.states.includes('connecting'), { deadlineMs: 10_000 });
    const head = world.metadata.commit(home.drive);
    await world.publish(head);
    await has(followed, head);
  });
});

describe('who may hear', () => {
  test('a drive that came is told, its head too, and commits in it; one that went is told, and nothing more of it', async () => {
    const followed = world.follow(ada);
    await connected(followed);
    const shared = world.metadata.grant(ada);
    await world.tell('grant.changed', { drive: shared.drive, subject: ada });
    await waitFor(() => followed.changes() === 1);
    await has(followed, shared);
    await world.publish(world.metadata.commit(shared.drive));
    await has(followed, { ...shared, seq: 1 });
    world.metadata.revoke(ada, shared.drive);
    await world.tell('grant.changed', { drive: shared.drive });
    await waitFor(() => followed.changes() === 2);
    await world.publish(world.metadata.commit(shared.drive));
    await world.publish(world.metadata.commit(home.drive));
    await has(followed, { ...home, seq: 1 });
    expect(followed.told.some(({ drive, seq }) => drive === shared.drive && seq === 2)).toBe(false);
    expect(await followed.hints.heads()).toEqual([{ ...home, seq: 1 }]);
  });

  test('is asked of metadata once for all sockets of a user, and not again while nothing happens', async () => {
    const followers = [world.follow(ada), world.follow(ada), world.follow(ada)];
    for (const one of followers) await connected(one);
    for (let times = 0; times < 5; times += 1) for (const { hints } of followers) await hints.heads();
    expect(world.metadata.questions()).toBe(1);
  });

  test('metadata being away when drives change only delays it', async () => {
    const followed = world.follow(ada);
    await connected(followed);
    const shared = world.metadata.grant(ada);
    world.metadata.away = true;
    await world.tell('drive.created', { drive: shared.drive, owner: ada });
    await waitFor(() => world.metadata.questions() > 1);
    world.metadata.away = false;
    await has(followed, shared);
  });

  test('metadata being away when a client comes refuses it until it is back', async () => {
    world.metadata.away = true;
    const followed = world.follow(ada);
    await waitFor(() => followed.errors.length > 0);
    expect(followed.errors[0]).toMatchObject({ code: 'unavailable' });
    world.metadata.away = false;
    await connected(followed);
  });
});

describe('a token', () => {
  test('that is none, forged, or of a version not spoken opens nothing', async () => {
    const followed = world.follow(ada, { token: async (refused) => (refused === undefined ? 'no token' : world.token(ada)) });
    await connected(followed);
    expect(followed.errors).toEqual([expect.objectContaining({ code: 'unauthenticated' })]);
  });

  test('is renewed in place before it ends', async () => {
    let tokens = 0;
    const followed = world.follow(ada, { token: () => ((tokens += 1), world.token(ada, {}, 4_000)) });
    await connected(followed);
    await waitFor(() => tokens >= 3, { deadlineMs: 15_000 });
    expect(followed.states).toEqual(['socket']);
  });

  test('that ends without a newer one ends its socket, and the client comes back with another', async () => {
    const [first, second] = [await world.token(ada, {}, 1_500), await world.token(ada)];
    const given: (string | undefined)[] = [];
    const token = async (refused?: string): Promise<string> => {
      given.push(refused);
      return followed.states.includes('connecting') ? second : first;
    };
    const followed: Followed = world.follow(ada, { token });
    await waitFor(() => followed.states.includes('connecting'), { deadlineMs: 10_000 });
    await waitFor(() => followed.states.at(-1) === 'socket');
    const head = world.metadata.commit(home.drive);
    await world.publish(head);
    await has(followed, head);
    expect((await world.registry.getSingleMetricAsString('driftbox_sync_sockets_ended_total')).includes('reason="expired"} 1')).toBe(true);
  });

  test.each(['session', 'user'] as const)('whose %s was revoked ends its socket within the time of a sign-out', async (kind) => {
    const sid = newId(parseSessionId);
    const token = await world.token(ada, { sid });
    const followed = world.follow(ada, { token: async () => token });
    const other = world.follow(newUser());
    await connected(followed);
    world.revoked.add(kind === 'session' ? sid : ada);
    await waitFor(() => followed.hints.state !== 'socket');
    await waitFor(() => followed.errors.some((error) => (error as { code?: string }).code === 'unauthenticated'));
    await waitFor(() => other.hints.state === 'socket');
    const head = world.metadata.commit(home.drive);
    await world.publish(head);
    expect(followed.told).toEqual([home]);
  });
});

test('a suspended tenant has no socket, and every one again once it is resumed', async () => {
  const tid = newId(parseTenantId);
  const other = world.follow(newUser(), { token: () => world.token(ada, { tid }) });
  const followed = world.follow(ada);
  await connected(followed);
  await waitFor(() => other.hints.state === 'socket');
  world.suspended.add(world.tenantId);
  await waitFor(() => followed.hints.state !== 'socket');
  await waitFor(() => followed.errors.some((error) => (error as { code?: string }).code === 'tenant_suspended'));
  expect(other.states).not.toContain('connecting');
  const head = world.metadata.commit(home.drive);
  await world.publish(head);
  expect(followed.told).toEqual([home]);
  world.suspended.clear();
  await has(followed, head);
});

test('a server that stops tells its clients when to come back, and they are not gone for longer', async () => {
  const followers = Array.from({ length: 5 }, () => world.follow(ada));
  for (const one of followers) await connected(one);
  await world.stop();
  for (const { states } of followers) await waitFor(() => states.includes('connecting'));
  expect((await world.registry.getSingleMetricAsString('driftbox_sync_sockets_ended_total')).includes('reason="drained"} 5')).toBe(true);
  expect((await world.registry.getSingleMetricAsString('driftbox_sync_sockets')).includes('driftbox_sync_sockets 0')).toBe(true);
});
