import { parseDriveId, type TenantId, type UserId } from '@driftbox/domain';
import type { Database } from '@driftbox/postgres';
import { routes, type BodyOf, type Routes } from '@driftbox/protocol';
import { faultsTimeoutMs, newId, newUuid, restoreEverywhere, rowsOfTenant, tenantTables, unnamedTables, waitFor } from '@driftbox/testkit';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { bindReadTenant } from './routes/read-tenant.ts';
import { bindRestoreTenant } from './routes/restore-tenant.ts';
import { adminOf, newUser, startWorld, type World } from './testing/world.ts';
import { keptRows } from './store/kept-rows.ts';

const [ada, bob, eve] = [newUser(), newUser(), newUser()];
const drive = newId(parseDriveId);
const dayMs = 86_400_000;
let world: World;
/** What sockets were told. */
const notices: { tenant: string; userId: string; unread: number }[] = [];
beforeAll(async () => {
  world = await startWorld();
  await world.bus.subscribe({
    group: 'sockets',
    topics: ['driftbox.notices'],
    handler: async ({ tenant, data }) => void notices.push({ tenant, ...(data as { userId: string; unread: number }) }),
  });
}, 60_000);
afterAll(() => world.close());
beforeEach(() => {
  world.fresh();
  notices.length = 0;
});

const grant = (people: readonly UserId[], role: string | null = 'editor') =>
  world.tell('driftbox.files', 'grant.changed', { drive, driveName: 'Plans', role, people, by: ada, subject: people[0] });
const inbox = (who: UserId, query: { of?: 'unread'; limit?: number; cursor?: string } = {}) =>
  world.as(who).call(routes.listInbox, { query });
const read = (who: UserId, notifications?: string[]) => world.as(who).call(routes.readInbox, { body: { notifications } });
const texts = async (who: UserId) => (await inbox(who)).items.map(({ text }) => text);

test('an event is told whom it concerns, once however often it comes, and nobody else', async () => {
  const event = await grant([ada, bob]);
  await Promise.all([world.again('driftbox.files', event), world.again('driftbox.files', { ...event, partitionkey: 'another' })]);
  const { items, unread } = await inbox(bob);
  expect(items).toMatchObject([{ kind: 'role', text: 'You may read and change "Plans" now', data: { drive, role: 'editor', by: ada } }]);
  expect(unread).toBe(1);
  // Who did it knows; who has nothing to do with it learns nothing.
  for (const who of [ada, eve]) expect(await inbox(who)).toEqual({ items: [], unread: 0 });
  const { tenantId } = world;
  world.fresh();
  expect(await inbox(bob)).toEqual({ items: [], unread: 0 });
  await waitFor(() => notices.some(({ tenant, userId, unread: count }) => tenant === tenantId && userId === bob && count === 1));
});

test('what share and auth tell', async () => {
  const offer = { invitationId: newUuid(), drive, driveName: 'Plans', role: 'viewer', inviter: ada, inviterName: 'Ada' };
  const use = { linkId: newUuid(), drive, creator: ada, use: 'download', usedEntry: newUuid(), useId: newUuid() };
  const shares = (type: string, data: object) => world.tell('driftbox.shares', type, data);
  await shares('invitation.created', { ...offer, invitee: bob });
  await shares('invitation.created', { ...offer, email: 'nobody@example.com' });
  await shares('invitation.accepted', { ...offer, by: bob, email: 'bob@example.com' });
  await shares('invitation.declined', { ...offer, by: bob });
  await shares('link.used', { ...use, notify: false });
  await shares('link.used', { ...use, notify: true });
  for (const reason of ['signed-out', 'token-reused'])
    await world.tell('driftbox.accounts', 'session.ended', { userId: bob, sessionId: newUuid(), reason });
  const held = { device: newUuid(), drive, people: [ada], files: 1001, limitFiles: 1000, since: '2026-01-01T00:00:00.000Z' };
  await world.tell('driftbox.files', 'device.held', held);
  await world.tell('driftbox.files', 'content.damaged', { drive, entryId: newUuid(), name: 'budget.xlsx', files: 3, people: [ada] });
  for (const limit of ['user', 'tenant'])
    await world.tell('driftbox.files', 'quota.warned', { drive, limit, percent: 90, limitBytes: 1000, people: [ada] });
  await grant([bob], null);
  expect(await texts(ada)).toEqual([
    'Your organisation has taken 90 % of the space there is',
    'You have taken 90 % of the space there is',
    expect.stringContaining('Some of what is stored of "budget.xlsx" and 2 more of your files cannot be read any more'),
    expect.stringContaining('about to delete or rewrite 1001 files'),
    'Somebody downloaded a file through a link of yours',
    'Whom you invited has declined your invitation to "Plans"',
    'bob@example.com has accepted your invitation to "Plans"',
  ]);
  expect(await texts(bob)).toEqual([
    'You no longer have access to "Plans"',
    expect.stringContaining('One of your devices was signed out'),
    'Ada invites you to "Plans" as viewer',
  ]);
});

test('pages go back in time, and hold what is unread alone where that is asked for', async () => {
  for (const role of ['viewer', 'editor', 'manager']) {
    world.nowMs += 1_000;
    await grant([bob], role);
  }
  const first = await inbox(bob, { limit: 2 });
  expect([first.items.map(({ data }) => data['role']), first.unread]).toEqual([['manager', 'editor'], 3]);
  const second = await inbox(bob, { limit: 2, cursor: first.nextCursor! });
  expect([second.items.map(({ data }) => data['role']), second.nextCursor]).toEqual([['viewer'], undefined]);
  await read(bob, [first.items[0]!.notificationId]);
  const unread = await inbox(bob, { of: 'unread' });
  expect([unread.items.map(({ data }) => data['role']), unread.unread]).toEqual([['editor', 'viewer'], 2]);
  await expect(inbox(bob, { cursor: 'nonsense' })).rejects.toMatchObject({ code: 'invalid_argument' });
});

test('reading counts once, says so to sockets, and does nothing to what is others\u2019', async () => {
  await grant([bob, eve]);
  await grant([bob]);
  const [of] = (await inbox(eve)).items;
  expect(await read(bob, [of!.notificationId, newUuid()])).toEqual({ unread: 2 });
  expect((await inbox(eve)).unread).toBe(1);
  const [newest] = (await inbox(bob)).items;
  expect(await read(bob, [newest!.notificationId])).toEqual({ unread: 1 });
  expect(await read(bob, [newest!.notificationId])).toEqual({ unread: 1 });
  expect(await read(bob)).toEqual({ unread: 0 });
  expect((await inbox(bob)).items.map(({ readAt }) => readAt)).toEqual(Array(2).fill(new Date(world.nowMs).toISOString()));
  const told = () => notices.filter(({ tenant, userId }) => tenant === world.tenantId && userId === bob).map(({ unread }) => unread);
  await waitFor(() => told().at(-1) === 0 && told().length === 4);
  expect(told()).toEqual([1, 2, 1, 0]);
  expect(await read(newUser())).toEqual({ unread: 0 });
});

test('who does not want a kind is not told of it, and wants it again when they say so', async () => {
  const set = (inApp: boolean) => world.as(bob).call(routes.updatePreferences, { body: { kinds: { role: { inApp } } } });
  expect((await set(false)).kinds.role).toEqual({ inApp: false, email: true });
  await world.as(bob).call(routes.updatePreferences, { body: {} });
  await grant([bob, eve]);
  expect([(await inbox(bob)).items.length, (await inbox(eve)).items.length]).toEqual([0, 1]);
  await set(true);
  await grant([bob]);
  expect((await inbox(bob)).items).toHaveLength(1);
  const { kinds } = await world.as(bob).call(routes.getPreferences);
  expect(Object.values(kinds).every(({ inApp }) => inApp)).toBe(true);
});

test('whatever is told and read at once, the count is what is unread', async () => {
  const step = fc.record({ who: fc.subarray([0, 1, 2], { minLength: 1 }), reads: fc.constantFrom('none', 'all', 'newest' as const) });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 6 }), async (steps) => {
      world.fresh();
      const people = [bob, eve, newUser()];
      const work = steps.map(async ({ who, reads }, index) => {
        const named = who.map((one) => people[one]!);
        const data = { drive, driveName: 'Plans', role: 'viewer', people: named, by: ada };
        await world.tell('driftbox.files', 'grant.changed', data, { partitionkey: String(index) });
        if (reads === 'all') await read(named[0]!);
        if (reads === 'newest') await read(named[0]!, [(await inbox(named[0]!)).items[0]!.notificationId]);
      });
      await Promise.all(work);
      for (const who of people) {
        const { items, unread } = await inbox(who);
        expect(unread).toBe(items.filter(({ readAt }) => readAt === undefined).length);
      }
    }),
    { numRuns: 15 },
  );
});

test('what is too old goes, read or not, and counts no longer', async () => {
  await grant([bob]);
  world.nowMs += 89 * dayMs;
  await grant([bob, eve]);
  await world.notification.sweep();
  expect((await inbox(bob)).unread).toBe(2);
  world.nowMs += 2 * dayMs;
  await world.notification.sweep();
  expect(await inbox(bob)).toMatchObject({ items: [{ kind: 'role' }], unread: 1 });
});

test('who is let in to a single entry, or no longer, is told its name', async () => {
  const data = { drive, entryId: drive, entryName: 'report.txt', people: [ada, bob], by: ada, subject: bob };
  for (const role of ['viewer', null]) await world.tell('driftbox.files', 'entry_grant.changed', { ...data, role });
  expect(await texts(bob)).toEqual(['You no longer have access to "report.txt"', 'You may read "report.txt" now']);
  expect(await texts(ada)).toEqual([]);
});

test('events that mean nothing, or nothing well-formed, do nothing', async () => {
  const odd = fc.oneof(fc.anything(), fc.constant(bob), fc.constant(drive));
  await fc.assert(
    fc.asyncProperty(fc.constantFrom('grant.changed', 'link.used', 'session.ended', 'toString', 'x'), odd, odd, async (type, a, b) => {
      const data = JSON.parse(JSON.stringify({ drive: a, people: b, by: a, userId: b, role: a }) ?? '{}') as object;
      await world.tell('driftbox.files', type, data);
    }),
    { numRuns: 30 },
  );
  await world.tell(
    'driftbox.files',
    'grant.changed',
    { drive, driveName: 'P', role: null, people: [bob], by: ada },
    { tenant: 'nonsense' },
  );
  expect(await world.bus.deadLetters(10)).toEqual([]);
});

test('an erased tenant has nothing, and hears nothing more', async () => {
  await grant([bob]);
  await world.as(bob).call(routes.updatePreferences, { body: { kinds: { role: { inApp: true } } } });
  const { tenantId } = world;
  const erase = () => world.admin().call(routes.deleteTenantInNotification, { params: { tenant: tenantId } });
  expect((await erase()).state).toBe('erased');
  expect((await erase()).erased).toMatchObject({ notifications: 1, inboxes: 1, preferences: 1 });
  await grant([bob]);
  expect(await world.bus.deadLetters(10)).toEqual([]);
  const rows = await rowsOfTenant(world.db, 'notification', tenantId);
  expect(Object.keys(rows).filter((table) => table !== 'erased_tenants')).toEqual([]);
  expect(await tenantTables(world.db, 'notification')).toEqual(expect.arrayContaining(['inboxes', 'notifications', 'preferences']));
});

test('every table of a tenant is in its backups, or is said not to be', async () => {
  expect(await unnamedTables(world.db, 'notification', keptRows)).toEqual([]);
});

test(
  'a restore whose service fails or dies at any step is gone on with, and all of it is there once',
  async () => {
    await grant([ada, bob]);
    await world.as(bob).call(routes.updatePreferences, { body: { kinds: { role: { inApp: true } } } });
    await world.as(ada, 'admin').call(routes.createWebhook, { body: { scope: 'tenant', url: 'http://127.0.0.1:9/hook' } });
    const { tenantId: source } = world;
    const routesOn = (database: Database) => {
      const admin = adminOf([bindReadTenant({ database }), bindRestoreTenant({ database })]);
      return {
        read: (tenant: TenantId) => admin.stream(routes.readTenantInNotification, { params: { tenant } }),
        restore: (tenant: TenantId, body: BodyOf<Routes['restoreTenantInNotification']>) =>
          admin.call(routes.restoreTenantInNotification, { params: { tenant }, body }),
      };
    };
    expect(await restoreEverywhere(17, { database: world.db.database, routesOn, source })).toBeGreaterThan(30);
  },
  faultsTimeoutMs,
);
