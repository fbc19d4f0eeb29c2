import { beforeEach, describe, expect, test } from '@jest/globals';
import type { Role } from '@driftbox/domain';
import { routes, type Drive } from '@driftbox/protocol';
import type { Person } from './testing/door.ts';
import { expectHoldings } from './testing/expect-holdings.ts';
import { knowUser } from './testing/know-user.ts';
import { chunk, kinds, problem, useScene, type Scene } from './testing/scene.ts';
import { forward } from './testing/door.ts';
import { newUser } from './testing/world.ts';

let scene = {} as Scene;
let plans = {} as Drive;
let max = {} as Person;
useScene((given) => {
  scene = given;
});

beforeEach(async () => {
  const { ada, eve, door, tenantId, db } = scene;
  max = door.as(tenantId, newUser());
  for (const [name, { userId }] of Object.entries({ ada, eve, max })) await knowUser(db, tenantId, userId, name);
  plans = await ada.user.call(routes.createDrive, { body: { name: 'Plans' } });
});

const put = (by: Person, whom: Person, role: Role) =>
  by.user.call(routes.putGrant, { params: { drive: plans.drive, subject: whom.userId }, body: { role } });
const remove = (by: Person, whom: Person) => by.user.call(routes.removeGrant, { params: { drive: plans.drive, subject: whom.userId } });
const read = (by: Person) => by.user.call(routes.getDrive, { params: { drive: plans.drive } });

describe('grants', () => {
  test('let in from the next request on, and are listed with names; without one there is no drive', async () => {
    const { ada, eve } = scene;
    await expect(read(eve)).rejects.toEqual(problem('not_found'));
    expect(await put(ada, eve, 'viewer')).toMatchObject({ subject: eve.userId, name: 'eve', role: 'viewer', grantedBy: ada.userId });
    expect((await read(eve)).role).toBe('viewer');
    expect((await eve.user.call(routes.listDrives)).items.map(({ name }) => name)).toEqual(['Home', 'Plans']);
    const query = { limit: 1 };
    const params = { drive: plans.drive };
    const first = await eve.user.call(routes.listGrants, { params, query });
    const second = await eve.user.call(routes.listGrants, { params, query: { ...query, cursor: first.nextCursor } });
    expect([...first.items, ...second.items].map(({ name, role }) => [name, role])).toEqual([
      ['ada', 'owner'],
      ['eve', 'viewer'],
    ]);
    expect(await put(ada, eve, 'editor')).toMatchObject({ role: 'editor' });
    await remove(ada, eve);
    await expect(read(eve)).rejects.toEqual(problem('not_found'));
    await expect(remove(ada, eve)).rejects.toEqual(problem('not_found'));
  });

  test('are given by address too, whatever its case, to people of the tenant alone', async () => {
    const { ada, door, db } = scene;
    const params = { drive: plans.drive };
    expect(await ada.user.call(routes.addGrant, { params, body: { email: 'Eve@example.com', role: 'editor' } })).toMatchObject({
      name: 'eve',
    });
    const stranger = door.as(scene.tenantId, newUser());
    await expect(put(ada, stranger, 'viewer')).rejects.toEqual(problem('not_found'));
    await db.adminQuery(`UPDATE users SET state = 'suspended' WHERE user_id = $1`, [max.userId]);
    await expect(ada.user.call(routes.addGrant, { params, body: { email: 'max@example.com', role: 'editor' } })).rejects.toEqual(
      problem('not_found'),
    );
  });

  test.each(['viewer', 'editor', 'manager'] as const)('a %s gives and takes roles only as a manager, and leaves', async (role) => {
    const { ada, eve } = scene;
    await put(ada, eve, role);
    const outcome = role === 'manager' ? expect.anything() : problem('permission_denied');
    expect(await put(eve, max, 'editor').catch((error: unknown) => error)).toEqual(outcome);
    for (const attempt of [put(eve, ada, 'viewer'), remove(eve, ada), put(eve, eve, 'owner'), put(eve, max, 'owner')])
      await expect(attempt).rejects.toEqual(problem('permission_denied'));
    await remove(eve, eve);
    await expect(read(eve)).rejects.toEqual(problem('not_found'));
  });

  test('on a home drive there are none but its owner\u2019s', async () => {
    const { ada, eve, drive } = scene;
    const params = { drive, subject: eve.userId };
    await expect(ada.user.call(routes.putGrant, { params, body: { role: 'viewer' } })).rejects.toEqual(problem('permission_denied'));
    await expect(ada.user.call(routes.putGrant, { params, body: { role: 'owner' } })).rejects.toEqual(problem('permission_denied'));
    await expect(eve.user.call(routes.putGrant, { params, body: { role: 'viewer' } })).rejects.toEqual(problem('not_found'));
  });

  test('what a removal that died left mounted goes before a role is given again, so that clients hear of it', async () => {
    const { ada, eve, db } = scene;
    await put(ada, eve, 'viewer');
    const { drive, driveEpoch, rootId } = (await eve.user.call(routes.listDrives)).items[0]!;
    const mount = { ...scene.folder('plans', rootId), op: 'putMount' as const, drive: plans.drive };
    expect(kinds(await forward(eve, { drive, driveEpoch, operations: [mount] }))).toEqual(['committed']);
    await db.adminQuery('DELETE FROM grants WHERE drive_id = $1 AND subject = $2', [plans.drive, eve.userId]);
    const feed = (after?: string) =>
      eve.user.call(routes.listChanges, { params: { drive }, query: { limit: 10, ...(after === undefined ? {} : { after }) } });
    const { nextCursor } = await feed();
    await put(ada, eve, 'viewer');
    expect((await feed(nextCursor)).changes).toMatchObject([{ change: 'deleted', entryId: mount.entryId }]);
    expect((await feed()).changes).toEqual([]);
  });

  test('each one that comes, changes or goes is an event', async () => {
    const { ada, eve, db, tenantId } = scene;
    await put(ada, eve, 'viewer');
    await put(ada, eve, 'viewer');
    await put(ada, eve, 'editor');
    await remove(ada, eve);
    const rows = await db.adminQuery<{ data: unknown }>(
      `SELECT data FROM outbox WHERE tenant = $1 AND type = 'grant.changed' ORDER BY id`,
      [tenantId],
    );
    expect(rows.map(({ data }) => data)).toEqual(
      ['viewer', 'editor', null].map((role) => ({
        drive: plans.drive,
        subject: eve.userId,
        role,
        people: [eve.userId],
        driveName: 'Plans',
        by: ada.userId,
      })),
    );
  });
});

describe('handing a drive over', () => {
  const fill = async (by: Person) => {
    const file = scene.file('a', [chunk('a', 60)], { parentId: plans.rootId });
    expect(kinds(await forward(by, { drive: plans.drive, driveEpoch: plans.driveEpoch, operations: [file] }))).toEqual(['committed']);
  };

  test('charges the new owner, and leaves the old one a manager who may not take it back', async () => {
    const { ada, eve, db, tenantId } = scene;
    await fill(ada);
    expect(await put(ada, eve, 'owner')).toMatchObject({ role: 'owner' });
    expect([(await read(ada)).role, (await read(eve)).role, (await read(ada)).owner]).toEqual(['manager', 'owner', eve.userId]);
    await expectHoldings(db, tenantId);
    const { user } = await eve.user
      .call(routes.getUsage)
      .then(({ drives }) => ({ user: drives.find(({ drive }) => drive === plans.drive) }));
    expect(user).toMatchObject({ current: 60 });
    for (const attempt of [put(ada, ada, 'owner'), remove(ada, eve)]) await expect(attempt).rejects.toEqual(problem('permission_denied'));
    await expect(remove(eve, eve)).rejects.toEqual(problem('permission_denied'));
  });

  test('needs the room', async () => {
    const { ada, eve, db, tenantId } = scene;
    await fill(ada);
    await db.adminQuery('UPDATE tenants SET user_bytes = 50 WHERE tenant = $1', [tenantId]);
    await expect(put(ada, eve, 'owner')).rejects.toMatchObject({ code: 'quota_exceeded', details: { limitBytes: 50, usedBytes: 0 } });
    expect((await read(ada)).role).toBe('owner');
    await expectHoldings(db, tenantId);
  });
});
