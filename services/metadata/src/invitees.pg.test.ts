import { randomUUID } from 'node:crypto';
import { beforeEach, expect, test } from '@jest/globals';
import { routes, type BodyOf, type Drive, type Routes } from '@driftbox/protocol';
import { copyUser } from './copy-users.ts';
import type { Person } from './testing/door.ts';
import { knowUser } from './testing/know-user.ts';
import { problem, useScene, type Scene } from './testing/scene.ts';
import { newUser } from './testing/world.ts';

let scene = {} as Scene;
let plans = {} as Drive;
let boss = {} as Person;
useScene((given) => {
  scene = given;
});
beforeEach(async () => {
  const { ada, eve, db, tenantId, door } = scene;
  boss = door.as(tenantId, newUser(), 'owner');
  for (const [name, { userId }] of Object.entries({ ada, eve, boss })) await knowUser(db, tenantId, userId, name);
  plans = await ada.user.call(routes.createDrive, { body: { name: 'Plans' } });
});

const share = ({ userId }: Person) => scene.door.holder(scene.tenantId, userId, undefined);
const invitees = (by: Person, to: BodyOf<Routes['describeInvitees']>['to'], role: 'viewer' | 'manager' = 'viewer') =>
  share(by).call(routes.describeInvitees, { params: { drive: plans.drive }, body: { role, to } });
const accept = (who: Person, by: Person, role: 'viewer' | 'editor' = 'viewer', invitation: string = randomUUID()) =>
  share(who).call(routes.acceptGrant, { params: { drive: plans.drive }, body: { invitation, role, owner: by.userId } });
const homeOf = async ({ user }: Person) => {
  const [home] = (await user.call(routes.listDrives)).items;
  const { items } = await user.call(routes.listChildren, { params: { drive: home!.drive, entry: home!.rootId } });
  return items.map(({ name }) => name);
};

test('an offer names a person, a group\u2019s people or an address, and nobody who has a role', async () => {
  const { ada, eve } = scene;
  const eves = { user: eve.userId, name: 'eve', email: 'eve@example.com' };
  expect(await invitees(ada, { user: eve.userId })).toEqual({ drive: 'Plans', inviter: 'ada', role: 'owner', people: [eves] });
  expect((await invitees(ada, { email: 'eve@example.com' })).people).toEqual([eves]);
  expect(await invitees(ada, { email: 'new@example.com' })).toMatchObject({ people: [], stranger: 'new@example.com' });
  const { group } = await boss.user.call(routes.createGroup, { body: { name: 'All' } });
  for (const email of ['ada@example.com', 'eve@example.com'])
    await boss.user.call(routes.addGroupMember, { params: { group }, body: { email } });
  expect((await invitees(ada, { group })).people).toEqual([eves]);
  await accept(eve, ada);
  expect((await invitees(ada, { user: eve.userId })).people).toEqual([]);
  for (const nobody of [{ user: newUser() }, { group: randomUUID() as typeof group }])
    await expect(invitees(ada, nobody)).rejects.toEqual(problem('not_found'));
  await expect(invitees(eve, { email: 'new@example.com' })).rejects.toEqual(problem('permission_denied'));
  await expect(invitees(boss, { email: 'new@example.com' })).rejects.toEqual(problem('not_found'));
});

test('what is accepted is a role and a mount, under a free name, once', async () => {
  const { ada, eve, folder, commit } = scene;
  await eve.user.call(routes.listDrives);
  const invitation = randomUUID();
  expect(await accept(eve, ada, 'editor', invitation)).toEqual({ entryId: invitation });
  expect(await accept(eve, ada, 'editor', invitation)).toEqual({ entryId: invitation });
  expect([(await eve.user.call(routes.getDrive, { params: { drive: plans.drive } })).role, await homeOf(eve)]).toEqual([
    'editor',
    ['Plans'],
  ]);
  await commit([folder('Plans')]);
  await ada.user.call(routes.putGrant, { params: { drive: plans.drive, subject: boss.userId }, body: { role: 'manager' } });
  // An owner who accepts stays owner, and is shown their drive beside what has its name.
  await accept(ada, boss, 'editor');
  expect([(await ada.user.call(routes.getDrive, { params: { drive: plans.drive } })).role, await homeOf(ada)]).toEqual([
    'owner',
    ['Plans', 'Plans (2)'],
  ]);
});

test('nothing is given once who offered it may not any more', async () => {
  const { ada, eve, db } = scene;
  await ada.user.call(routes.putGrant, { params: { drive: plans.drive, subject: boss.userId }, body: { role: 'manager' } });
  await ada.user.call(routes.putGrant, { params: { drive: plans.drive, subject: boss.userId }, body: { role: 'editor' } });
  await expect(accept(eve, boss)).rejects.toEqual(problem('not_found'));
  await db.adminQuery(`UPDATE users SET state = 'suspended' WHERE user_id = $1`, [ada.userId]);
  await expect(accept(eve, ada)).rejects.toEqual(problem('not_found'));
  expect(await homeOf(eve)).toEqual([]);
});

test('an address is a person\u2019s only once they have proven it', async () => {
  const { eve, db, tenantId } = scene;
  const ask = () => share(eve).call(routes.getPerson);
  expect(await ask()).toEqual({ name: 'eve' });
  const tell = (type: string, data: object) =>
    copyUser(db.database, {
      type,
      time: new Date(Date.now() + 1_000).toISOString(),
      tenant: tenantId,
      data: { userId: eve.userId, ...data },
    });
  await tell('user.updated', { emailVerified: true });
  expect(await ask()).toEqual({ name: 'eve', email: 'eve@example.com' });
  await expect(eve.user.call(routes.getPerson)).rejects.toEqual(problem('unauthenticated'));
});
