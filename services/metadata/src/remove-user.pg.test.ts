import { beforeEach, expect, test } from '@jest/globals';
import { routes, type Drive } from '@driftbox/protocol';
import { copyUser } from './copy-users.ts';
import { goOnRemoving } from './hand-over.ts';
import { forward, type Person } from './testing/door.ts';
import { expectHoldings } from './testing/expect-holdings.ts';
import { knowUser } from './testing/know-user.ts';
import { chunk, problem, useScene, type Scene } from './testing/scene.ts';
import { newUser } from './testing/world.ts';

let scene = {} as Scene;
let boss = {} as Person;
let plans = {} as Drive;
useScene((given) => {
  scene = given;
});
beforeEach(async () => {
  const { ada, eve, door, tenantId, db } = scene;
  boss = door.as(tenantId, newUser(), 'admin');
  for (const [name, { userId }] of Object.entries({ ada, eve, boss })) await knowUser(db, tenantId, userId, name);
  plans = await ada.user.call(routes.createDrive, { body: { name: 'Plans' } });
  const { drive, driveEpoch, rootId: parentId } = plans;
  await forward(ada, { drive, driveEpoch, operations: [{ ...scene.file('plan', [chunk('plan', 30)]), parentId }] });
  await scene.commit([scene.file('diary', [chunk('diary', 70)])]);
});

const remove = (by: Person, body: { handOverTo?: string; dryRun?: boolean } = {}) =>
  by.user.call(routes.removeUser, { params: { user: scene.ada.userId }, body });
const heir = (dryRun = false) => ({ handOverTo: scene.eve.userId, dryRun });
const share = (whom: Person) =>
  scene.ada.user.call(routes.putGrant, { params: { drive: plans.drive, subject: whom.userId }, body: { role: 'viewer' } });
const drivesOf = async (one: Person) => (await one.user.call(routes.listDrives)).items;

test('is for administrators, and refused while others share what nobody takes over', async () => {
  const { eve, ada, door, tenantId } = scene;
  await expect(remove(eve, heir())).rejects.toEqual(problem('permission_denied'));
  await share(eve);
  const drives = [{ drive: plans.drive, name: 'Plans', others: 1 }];
  await expect(remove(boss)).rejects.toMatchObject({ code: 'locked', details: { reason: 'owns_shared', drives } });
  await expect(remove(boss, { handOverTo: ada.userId })).rejects.toEqual(problem('permission_denied'));
  await expect(remove(boss, { handOverTo: newUser() })).rejects.toEqual(problem('not_found'));
  const stranger = { params: { user: newUser() }, body: {} };
  await expect(boss.user.call(routes.removeUser, stranger)).rejects.toEqual(problem('not_found'));
  await expect(door.as(tenantId, newUser()).user.call(routes.removeUser, stranger)).rejects.toEqual(problem('permission_denied'));
  expect(door.ended).not.toContain(ada.userId);
});

test('hands over drives and home with ids, history and bytes; roles and mounts end; again it changes nothing', async () => {
  const { ada, eve, door, db, tenantId, drive: home } = scene;
  const bosses = await boss.user.call(routes.createDrive, { body: { name: 'Bosses' } });
  await boss.user.call(routes.putGrant, { params: { drive: bosses.drive, subject: ada.userId }, body: { role: 'editor' } });
  for (const mounted of [bosses.drive, plans.drive])
    expect(
      (
        await scene.commit([
          {
            op: 'putMount',
            entryId: crypto.randomUUID(),
            writeId: crypto.randomUUID(),
            parentId: scene.rootId,
            name: mounted,
            drive: mounted,
          },
        ])
      ).outcomes,
    ).toMatchObject([{ outcome: 'committed' }]);
  const dry = await remove(boss, heir(true));
  expect(dry).toMatchObject({
    done: false,
    drives: [
      { drive: plans.drive, sizeBytes: 30, others: 0 },
      { drive: home, kind: 'home', sizeBytes: 70 },
    ],
  });
  expect([(await drivesOf(ada)).length, door.ended.includes(ada.userId)]).toEqual([3, false]);
  expect(await remove(boss, heir())).toEqual({ ...dry, done: true });
  expect(door.ended.filter((one) => one === ada.userId)).toHaveLength(1);
  const got = await drivesOf(eve);
  expect(got.map(({ name, kind, role, owner }) => [name, kind, role, owner])).toEqual([
    ['Home', 'home', 'owner', eve.userId],
    ['Files of ada', 'shared', 'owner', eve.userId],
    ['Plans', 'shared', 'owner', eve.userId],
  ]);
  expect(got[1]).toMatchObject({ drive: home, rootId: scene.rootId });
  const names = async () =>
    (await eve.user.call(routes.listChildren, { params: { drive: home, entry: scene.rootId } })).items.map(({ name }) => name);
  expect(await names()).toEqual(['diary']);
  await expectHoldings(db, tenantId);
  expect(await db.adminQuery('SELECT 1 FROM grants WHERE tenant = $1 AND subject = $2', [tenantId, ada.userId])).toEqual([]);
  expect(await remove(boss, heir())).toMatchObject({ drives: [], done: true });
  expect(await names()).toEqual(['diary']);
});

test('goes on by itself where it stopped, once the account has ended', async () => {
  const { ada, eve, db, tenantId } = scene;
  await share(eve);
  await db.adminQuery('INSERT INTO removals (tenant, user_id, heir, removed_by) VALUES ($1, $2, $3, $4)', [
    tenantId,
    ada.userId,
    eve.userId,
    boss.userId,
  ]);
  await goOnRemoving(db.database, tenantId);
  expect((await drivesOf(ada)).map(({ name }) => name)).toEqual(['Home', 'Plans']);
  await copyUser(db.database, { type: 'user.removed', time: new Date().toISOString(), tenant: tenantId, subject: ada.userId, data: {} });
  await goOnRemoving(db.database, tenantId);
  expect((await drivesOf(eve)).map(({ name }) => name)).toEqual(['Home', 'Files of ada', 'Plans']);
  await expectHoldings(db, tenantId);
});

test('nothing begins where the heir has not the room; without an heir what is shared with nobody stays', async () => {
  const { ada, eve, db, door, tenantId, drive: home } = scene;
  await eve.user.call(routes.listDrives);
  await db.adminQuery('UPDATE tenants SET user_bytes = 99 WHERE tenant = $1', [tenantId]);
  await expect(remove(boss, heir())).rejects.toEqual(problem('quota_exceeded'));
  expect(door.ended).not.toContain(ada.userId);
  expect(await remove(boss)).toMatchObject({ done: true });
  const owners = await db.adminQuery<{ owner: string }>('SELECT owner FROM drives WHERE drive_id = $1', [home]);
  expect(owners).toEqual([{ owner: ada.userId }]);
  await db.adminQuery('UPDATE tenants SET user_bytes = 100 WHERE tenant = $1', [tenantId]);
  expect(await remove(boss, heir())).toMatchObject({ done: true });
  expect(await drivesOf(eve)).toHaveLength(3);
});
