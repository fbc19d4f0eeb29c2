import { beforeEach, expect, test } from '@jest/globals';
import { routes, type Drive } from '@driftbox/protocol';
import { forward } from './testing/door.ts';
import { knowUser } from './testing/know-user.ts';
import { chunk, problem, useScene, type Scene } from './testing/scene.ts';

let scene = {} as Scene;
let plans = {} as Drive;
useScene((given) => {
  scene = given;
});
beforeEach(async () => {
  const { ada, eve, tenantId, db } = scene;
  for (const [name, { userId }] of Object.entries({ ada, eve })) await knowUser(db, tenantId, userId, name);
  plans = await ada.user.call(routes.createDrive, { body: { name: 'Plans' } });
});

const activity = async (query: { entry?: string; limit?: number; cursor?: string } = {}, drive = plans.drive, by = scene.ada) =>
  by.user.call(routes.listActivity, { params: { drive }, query });
const inPlans = (by: Scene['ada'], ...operations: Parameters<Scene['commit']>[0]) =>
  forward(by, { drive: plans.drive, driveEpoch: plans.driveEpoch, operations });
const write = () => crypto.randomUUID();

test('tells who did what, newest first, page by page, to who may read the drive alone', async () => {
  const { ada, eve } = scene;
  await expect(activity({}, plans.drive, eve)).rejects.toEqual(problem('not_found'));
  await ada.user.call(routes.putGrant, { params: { drive: plans.drive, subject: eve.userId }, body: { role: 'manager' } });
  const plan = { ...scene.file('plan', [chunk('plan')]), parentId: plans.rootId };
  const { entryId } = plan;
  await inPlans(ada, plan);
  await inPlans(eve, { op: 'move', entryId, writeId: write(), parentId: plans.rootId, name: 'plan b', baseRev: 1 });
  await inPlans(eve, { op: 'delete', entryId, writeId: write(), baseRev: 2, seenSeq: 2 });
  const told = [
    { action: 'trashed', name: 'plan b', byName: 'eve', rev: 3, seq: 3, entryId },
    { action: 'moved', name: 'plan b', byName: 'eve', rev: 2, seq: 2, by: eve.userId },
    { action: 'created', name: 'plan', byName: 'ada', rev: 1, seq: 1, at: expect.any(String) },
  ];
  expect((await activity()).items).toMatchObject(told);
  expect((await activity({ entry: entryId }, plans.drive, eve)).items).toMatchObject(told);
  for (const entry of [undefined, entryId]) {
    const first = await activity({ entry, limit: 2 });
    const second = await activity({ entry, limit: 2, cursor: first.nextCursor });
    expect([...first.items, ...second.items]).toMatchObject(told);
    expect(second.nextCursor).toBeUndefined();
  }
  await inPlans(eve, { op: 'purge', entryId, writeId: write() });
  const [purged, ...before] = (await activity()).items;
  expect(purged).toMatchObject({ action: 'purged', byName: 'eve', entryId });
  expect(before.map(({ name }) => name)).toEqual([undefined, undefined, undefined]);
  await expect(activity({ entry: entryId })).rejects.toEqual(problem('not_found'));
});

test('of what has left the drive nothing is told but that it was there; it brings its own history along', async () => {
  const { ada, eve, drive: home } = scene;
  await ada.user.call(routes.putGrant, { params: { drive: plans.drive, subject: eve.userId }, body: { role: 'viewer' } });
  const plan = { ...scene.file('secret', [chunk('plan')]), parentId: plans.rootId };
  const { entryId } = plan;
  await inPlans(ada, plan);
  const away = { op: 'move', entryId, writeId: write(), parentId: scene.rootId, name: 'more secret', baseRev: 1, toDrive: home } as const;
  expect((await inPlans(ada, away)).outcomes).toMatchObject([{ outcome: 'committed' }]);
  const seen = await activity({}, plans.drive, eve);
  expect(seen.items.map(({ action }) => action)).toEqual(['movedAway', 'created']);
  expect(JSON.stringify(seen)).not.toContain('secret');
  await expect(activity({ entry: entryId }, plans.drive, eve)).rejects.toEqual(problem('not_found'));
  await expect(activity({ entry: entryId })).rejects.toEqual(problem('moved'));
  expect((await activity({ entry: entryId }, home)).items).toMatchObject([
    { name: 'more secret', rev: 2 },
    { name: 'secret', rev: 1 },
  ]);
});
