import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createClient, httpTransport, type Client } from '@driftbox/api-client';
import { parseDeviceId, parseTenantId, type UserId } from '@driftbox/domain';
import { routes, type AccessClaims, type Head } from '@driftbox/protocol';
import { newId, waitFor, type TestDatabase } from '@driftbox/testkit';
import { newUser, openTestDatabase, startWorld, type World } from './testing/world.ts';
import { writeCursors } from './write-cursors.ts';

let db: TestDatabase;
let world: World;
let ada: UserId;
let home: Head;
const closers: (() => void)[] = [];
beforeAll(async () => void (db = await openTestDatabase()), 60_000);
afterAll(() => db.drop());
beforeEach(async () => {
  world = await startWorld(db);
  ada = newUser();
  home = world.metadata.grant(ada);
});
afterEach(async () => {
  await world.close();
  for (const close of closers.splice(0)) close();
});

function as(userId: UserId, claims: Partial<AccessClaims> = {}): Client {
  const transport = httpTransport(world.address);
  closers.push(() => transport.close());
  return createClient({ transport, token: () => world.token(userId, claims), retry: { attempts: 1 } });
}
const list = async (client: Client, query: { user?: string; limit?: number; cursor?: string } = {}) =>
  (await client.call(routes.listDeviceCursors, { query })).items;

describe('what a device reports over its socket', () => {
  test('is kept, the newest of each drive, for its user and for administrators to see', async () => {
    const deviceId = newId(parseDeviceId);
    const shared = world.metadata.grant(ada);
    const followed = world.follow(ada, { token: () => world.token(ada, { did: deviceId }) });
    await waitFor(() => followed.told.length === 2);
    followed.hints.report([home, shared]);
    followed.hints.report([{ ...home, seq: 4 }]);
    const items = await waitFor(async () => {
      const found = await list(as(ada));
      return found.length === 2 ? found : undefined;
    });
    expect(items.map(({ reportedAt: _, ...item }) => item)).toEqual(
      [{ ...home, seq: 4 }, shared].toSorted((a, b) => (a.drive < b.drive ? -1 : 1)).map((head) => ({ deviceId, ...head })),
    );
    expect(await list(as(newUser(), { role: 'admin' }), { user: ada })).toEqual(items);
    await expect(list(as(newUser()), { user: ada })).rejects.toMatchObject({ code: 'permission_denied' });
    expect(await list(as(newUser(), { role: 'owner', tid: newId(parseTenantId) }), { user: ada })).toEqual([]);
    followed.hints.report([{ ...home, seq: 9 }]);
    await waitFor(async () => (await list(as(ada))).some(({ seq }) => seq === 9));
  });

  test('is counted by how far it is behind', async () => {
    const followed = world.follow(ada, { token: () => world.token(ada, { did: newId(parseDeviceId) }) });
    await waitFor(() => followed.told.length === 1);
    await world.publish({ ...home, seq: home.seq + 50 });
    await waitFor(() => followed.told.length === 2);
    followed.hints.report([{ ...home, seq: home.seq + 45 }]);
    const sum = async (): Promise<string | undefined> =>
      /^driftbox_sync_cursor_lag_changes_sum (\S+)$/m.exec(await world.registry.metrics())?.[1];
    await waitFor(async () => (await sum()) === '5');
  });

  test('of a drive that is not its user’s is left out, and so is what no device says', async () => {
    const secret = world.metadata.grant(newUser());
    const followed = world.follow(ada);
    const nameless = world.follow(ada, { token: () => world.token(ada, { did: undefined }) });
    await waitFor(() => followed.told.length === 1 && nameless.told.length === 1);
    nameless.hints.report([home]);
    followed.hints.report([secret, home]);
    await waitFor(async () => (await list(as(ada))).length > 0);
    expect((await list(as(ada))).map(({ drive }) => drive)).toEqual([home.drive]);
  });
});

test('the list goes on page by page, and takes no cursor that is not its own', async () => {
  const cursors = Array.from({ length: 7 }, () => ({
    ...home,
    tenantId: world.tenantId,
    userId: ada,
    deviceId: newId(parseDeviceId),
    atMs: Date.now(),
  }));
  await writeCursors(db.database)(world.tenantId, cursors);
  const client = as(ada);
  const seen: string[] = [];
  for (let cursor: string | undefined, more = true; more; more = cursor !== undefined) {
    const page = await client.call(routes.listDeviceCursors, { query: { limit: 3, cursor } });
    seen.push(...page.items.map(({ deviceId }) => deviceId));
    cursor = page.nextCursor;
  }
  expect(seen).toEqual(cursors.map(({ deviceId }) => deviceId).toSorted());
  await expect(list(client, { cursor: 'elsewhere' })).rejects.toMatchObject({ code: 'invalid_argument' });
});

describe('in the database', () => {
  test('an older report changes nothing, and what nobody renewed for half a year goes', async () => {
    const day = 24 * 3_600_000;
    const one = { ...home, tenantId: world.tenantId, userId: ada, deviceId: newId(parseDeviceId) };
    const stale = { ...one, deviceId: newId(parseDeviceId), atMs: Date.now() - 181 * day };
    const write = writeCursors(db.database);
    await write(world.tenantId, [{ ...one, seq: 5, atMs: Date.now() }, stale]);
    await write(world.tenantId, [{ ...one, seq: 3, atMs: Date.now() - day }]);
    expect(await list(as(ada))).toEqual([expect.objectContaining({ deviceId: one.deviceId, seq: 5 })]);
  });

  test('a tenant sees and writes its own rows alone', async () => {
    const other = newId(parseTenantId);
    const cursor = { ...home, tenantId: other, userId: ada, deviceId: newId(parseDeviceId), atMs: Date.now() };
    await writeCursors(db.database)(other, [cursor]);
    const count = (tenant: typeof other) => db.database.withTenant<{ n: number }>(tenant, 'SELECT count(*) AS n FROM device_cursors');
    expect((await count(other)).rows).toEqual([{ n: 1 }]);
    expect((await count(newId(parseTenantId))).rows).toEqual([{ n: 0 }]);
    const forged = `INSERT INTO device_cursors SELECT gen_random_uuid(), gen_random_uuid(), user_id, drive_id, drive_epoch, seq, reported_at
      FROM device_cursors`;
    await expect(db.database.withTenant(other, forged, [], { readOnly: false })).rejects.toThrow('row-level security');
  });
});
