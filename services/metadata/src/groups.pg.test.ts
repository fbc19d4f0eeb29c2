import { beforeEach, describe, expect, test } from '@jest/globals';
import type { GroupId, SubjectId } from '@driftbox/domain';
import { routes, type Drive } from '@driftbox/protocol';
import { forward, type Person } from './testing/door.ts';
import { knowUser } from './testing/know-user.ts';
import { kinds, problem, useScene, type Scene } from './testing/scene.ts';
import { newUser } from './testing/world.ts';

let scene = {} as Scene;
let boss = {} as Person;
let guest = {} as Person;
let plans = {} as Drive;
useScene((given) => {
  scene = given;
});

beforeEach(async () => {
  const { ada, eve, door, tenantId, db } = scene;
  boss = door.as(tenantId, newUser(), 'admin');
  guest = door.as(tenantId, newUser(), 'guest');
  for (const [name, { userId }] of Object.entries({ ada, eve, boss })) await knowUser(db, tenantId, userId, name);
  plans = await ada.user.call(routes.createDrive, { body: { name: 'Plans' } });
});

const make = async (name: string, ...people: string[]): Promise<GroupId> => {
  const { group } = await boss.user.call(routes.createGroup, { body: { name } });
  for (const person of people) await boss.user.call(routes.addGroupMember, { params: { group }, body: { email: `${person}@example.com` } });
  return group;
};
const grant = (subject: SubjectId, role: 'viewer' | 'editor' | 'manager' | 'owner') =>
  scene.ada.user.call(routes.putGrant, { params: { drive: plans.drive, subject }, body: { role } });
const roleOf = (person: Person) =>
  person.user.call(routes.getDrive, { params: { drive: plans.drive } }).then(
    ({ role }) => role,
    ({ code }: { code: string }) => code,
  );
const write = (person: Person) => {
  const folder = scene.folder(`by-${person.userId}`, plans.rootId);
  return forward(person, { drive: plans.drive, driveEpoch: plans.driveEpoch, operations: [folder] }).then(
    (answer) => kinds(answer)[0],
    ({ code }: { code: string }) => code,
  );
};

describe('a group', () => {
  test('is made, listed, renamed, filled and ended by administrators; its name is its own whatever its case', async () => {
    const { ada, eve } = scene;
    const first = await make('Writers', 'ada', 'eve');
    await expect(make('WRITERS')).rejects.toEqual(problem('already_exists'));
    const second = await make('Readers');
    await expect(boss.user.call(routes.renameGroup, { params: { group: second }, body: { name: 'writers' } })).rejects.toEqual(
      problem('already_exists'),
    );
    await boss.user.call(routes.renameGroup, { params: { group: second }, body: { name: 'Authors' } });
    const page = await ada.user.call(routes.listGroups, { query: { limit: 1 } });
    const rest = await ada.user.call(routes.listGroups, { query: { limit: 1, cursor: page.nextCursor } });
    expect([...page.items, ...rest.items].map(({ name, members }) => [name, members])).toEqual([
      ['Authors', 0],
      ['Writers', 2],
    ]);
    const members = await ada.user.call(routes.listGroupMembers, { params: { group: first } });
    expect(members.items.map(({ user, name, email }) => [user, name, email])).toEqual([
      [ada.userId, 'ada', 'ada@example.com'],
      [eve.userId, 'eve', 'eve@example.com'],
    ]);
    await boss.user.call(routes.removeGroup, { params: { group: first } });
    await expect(ada.user.call(routes.listGroupMembers, { params: { group: first } })).rejects.toEqual(problem('not_found'));
    await expect(boss.user.call(routes.removeGroup, { params: { group: first } })).rejects.toEqual(problem('not_found'));
  });

  test('is nothing that members change or guests see; anybody leaves', async () => {
    const { ada, eve } = scene;
    const group = await make('Writers', 'ada', 'eve');
    const params = { group };
    for (const attempt of [
      ada.user.call(routes.createGroup, { body: { name: 'Mine' } }),
      ada.user.call(routes.renameGroup, { params, body: { name: 'Mine' } }),
      ada.user.call(routes.removeGroup, { params }),
      ada.user.call(routes.addGroupMember, { params, body: { email: 'eve@example.com' } }),
      ada.user.call(routes.removeGroupMember, { params: { group, user: eve.userId } }),
      guest.user.call(routes.listGroups),
      guest.user.call(routes.listGroupMembers, { params }),
    ])
      await expect(attempt).rejects.toEqual(problem('permission_denied'));
    await eve.user.call(routes.removeGroupMember, { params: { group, user: eve.userId } });
    expect((await ada.user.call(routes.listGroupMembers, { params })).items.map(({ name }) => name)).toEqual(['ada']);
    await expect(eve.user.call(routes.removeGroupMember, { params: { group, user: eve.userId } })).rejects.toEqual(problem('not_found'));
  });
});

describe('a role of a group', () => {
  test('is its people\u2019s from the next request on: given, changed, taken, and with their coming and going', async () => {
    const { eve } = scene;
    const group = await make('Writers', 'eve');
    expect([await roleOf(eve), await write(eve)]).toEqual(['not_found', 'not_found']);
    expect(await grant(group, 'viewer')).toMatchObject({ subject: group, kind: 'group', name: 'Writers', role: 'viewer' });
    expect([await roleOf(eve), await write(eve)]).toEqual(['viewer', 'permission_denied']);
    await grant(group, 'editor');
    expect([await roleOf(eve), await write(eve)]).toEqual(['editor', 'committed']);
    const { items } = await eve.user.call(routes.listDrives);
    expect(items.map(({ name, role }) => [name, role])).toEqual([
      ['Home', 'owner'],
      ['Plans', 'editor'],
    ]);
    await boss.user.call(routes.removeGroupMember, { params: { group, user: eve.userId } });
    expect([await roleOf(eve), await write(eve)]).toEqual(['not_found', 'not_found']);
    await boss.user.call(routes.addGroupMember, { params: { group }, body: { email: 'eve@example.com' } });
    expect(await roleOf(eve)).toBe('editor');
    await boss.user.call(routes.removeGroup, { params: { group } });
    expect(await roleOf(eve)).toBe('not_found');
    expect((await scene.ada.user.call(routes.listGrants, { params: { drive: plans.drive } })).items.map(({ kind }) => kind)).toEqual([
      'user',
    ]);
  });

  test('counts where it is the strongest of several, and a person\u2019s own stays theirs without it', async () => {
    const { eve, ada } = scene;
    const [viewers, managers] = [await make('Viewers', 'eve'), await make('Managers', 'eve')];
    await grant(viewers, 'viewer');
    await grant(eve.userId, 'editor');
    expect(await roleOf(eve)).toBe('editor');
    await grant(managers, 'manager');
    expect(await roleOf(eve)).toBe('manager');
    expect((await eve.user.call(routes.listDrives)).items.filter(({ drive }) => drive === plans.drive)).toHaveLength(1);
    await ada.user.call(routes.removeGrant, { params: { drive: plans.drive, subject: managers } });
    expect(await roleOf(eve)).toBe('editor');
    await expect(grant(viewers, 'owner')).rejects.toEqual(problem('permission_denied'));
  });

  test('ends with what it let them mount', async () => {
    const { eve } = scene;
    const group = await make('Writers', 'eve');
    await grant(group, 'viewer');
    const [home] = (await eve.user.call(routes.listDrives)).items;
    const { drive, driveEpoch, rootId } = home!;
    const mount = { ...scene.folder('plans', rootId), op: 'putMount' as const, drive: plans.drive };
    expect(kinds(await forward(eve, { drive, driveEpoch, operations: [mount] }))).toEqual(['committed']);
    const there = async () =>
      (await eve.user.call(routes.listChildren, { params: { drive, entry: rootId } })).items.map(({ name }) => name);
    expect(await there()).toEqual(['plans']);
    await boss.user.call(routes.removeGroupMember, { params: { group, user: eve.userId } });
    expect(await there()).toEqual([]);
  });

  test('what a removal that died left mounted goes before somebody comes back into the group', async () => {
    const { eve, db } = scene;
    const group = await make('Writers', 'eve');
    await grant(group, 'viewer');
    const { drive, driveEpoch, rootId } = (await eve.user.call(routes.listDrives)).items[0]!;
    const mount = { ...scene.folder('plans', rootId), op: 'putMount' as const, drive: plans.drive };
    expect(kinds(await forward(eve, { drive, driveEpoch, operations: [mount] }))).toEqual(['committed']);
    await db.adminQuery('DELETE FROM group_members WHERE group_id = $1 AND user_id = $2', [group, eve.userId]);
    await boss.user.call(routes.addGroupMember, { params: { group }, body: { email: 'eve@example.com' } });
    expect((await eve.user.call(routes.listChildren, { params: { drive, entry: rootId } })).items).toEqual([]);
  });

  test('names in its events the people whose drives are others now', async () => {
    const { ada, eve, db, tenantId } = scene;
    const group = await make('Writers', 'eve');
    await grant(group, 'viewer');
    await boss.user.call(routes.removeGroup, { params: { group } });
    const rows = await db.adminQuery<{ type: string; data: unknown }>(
      `SELECT type, data FROM outbox WHERE tenant = $1 AND type IN ('grant.changed', 'group.changed') ORDER BY id`,
      [tenantId],
    );
    expect(rows.map(({ type, data }) => [type, data])).toEqual([
      ['group.changed', { group, people: [eve.userId] }],
      ['grant.changed', { drive: plans.drive, subject: group, role: 'viewer', people: [eve.userId], driveName: 'Plans', by: ada.userId }],
      ['group.changed', { group, people: [eve.userId] }],
    ]);
  });
});
