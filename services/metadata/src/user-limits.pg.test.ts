import { beforeEach, expect, test } from '@jest/globals';
import { routes } from '@driftbox/protocol';
import { forward, type Person } from './testing/door.ts';
import { knowUser } from './testing/know-user.ts';
import { chunk, kinds, problem, useScene, type Scene } from './testing/scene.ts';
import { newUser } from './testing/world.ts';

let scene = {} as Scene;
let boss = {} as Person;
useScene((given) => {
  scene = given;
});

beforeEach(async () => {
  const { ada, eve, door, tenantId, db } = scene;
  boss = door.as(tenantId, newUser(), 'admin');
  for (const [name, { userId }] of Object.entries({ ada, eve, boss })) await knowUser(db, tenantId, userId, name);
});

const limit = (by: Person, whom: Person, limitBytes: number | null) =>
  by.user.call(routes.setUserLimit, { params: { user: whom.userId }, body: { limitBytes } });

async function write(by: Person, sizeBytes: number): Promise<string | undefined> {
  const { drive, driveEpoch, rootId } = (await by.user.call(routes.listDrives)).items[0]!;
  const name = `${sizeBytes} bytes`;
  return kinds(await forward(by, { drive, driveEpoch, operations: [scene.file(name, [chunk(name, sizeBytes)], { parentId: rootId })] }))[0];
}

test('a limit of somebody’s own holds in place of the tenant’s, until it is taken back; what they hold stays', async () => {
  const { ada, eve, db, tenantId } = scene;
  await db.adminQuery('UPDATE tenants SET user_bytes = 100 WHERE tenant = $1', [tenantId]);
  expect(await write(ada, 101)).toBe('quota_exceeded');
  expect(await limit(boss, ada, 500)).toMatchObject({ user: ada.userId, name: 'ada', limitBytes: 500, ownLimit: true });
  expect(await write(ada, 101)).toBe('committed');
  expect(await write(eve, 101)).toBe('quota_exceeded');
  expect((await ada.user.call(routes.getUsage)).user.limitBytes).toBe(500);
  expect((await eve.user.call(routes.getUsage)).user.limitBytes).toBe(100);
  expect(await limit(boss, ada, null)).toMatchObject({ current: 101, limitBytes: 100, ownLimit: false });
  expect(await write(ada, 1)).toBe('quota_exceeded');
  expect(await limit(boss, ada, Number.MAX_SAFE_INTEGER)).not.toHaveProperty('limitBytes');
  expect(await write(ada, 2)).toBe('committed');
});

test('what each person holds is listed page by page, those who are gone left out', async () => {
  const { ada, eve, db, tenantId } = scene;
  await write(ada, 60);
  await limit(boss, eve, 70);
  const list = async (cursor?: string) => boss.user.call(routes.listUserUsage, { query: { limit: 2, cursor } });
  const first = await list();
  const second = await list(first.nextCursor);
  expect(second.nextCursor).toBeUndefined();
  const all = Object.fromEntries([...first.items, ...second.items].map((one) => [one.name, one]));
  expect(Object.keys(all).toSorted()).toEqual(['ada', 'boss', 'eve']);
  expect(all['ada']).toMatchObject({ current: 60, history: 0, trash: 0, inFlight: 0, files: 1, ownLimit: false });
  expect(all['eve']).toMatchObject({ current: 0, limitBytes: 70, ownLimit: true });
  await db.adminQuery(`UPDATE users SET state = 'removed' WHERE tenant = $1 AND user_id = $2`, [tenantId, eve.userId]);
  expect((await boss.user.call(routes.listUserUsage)).items.map(({ name }) => name).toSorted()).toEqual(['ada', 'boss']);
});

test('only administrators see and set it, of people that the tenant has', async () => {
  const { ada, eve, door } = scene;
  await expect(ada.user.call(routes.listUserUsage)).rejects.toEqual(problem('permission_denied'));
  await expect(limit(ada, ada, 1)).rejects.toEqual(problem('permission_denied'));
  await expect(limit(boss, door.as(scene.tenantId, newUser()), 1)).rejects.toEqual(problem('not_found'));
  await expect(limit(boss, eve, -1)).rejects.toEqual(problem('invalid_argument'));
});
