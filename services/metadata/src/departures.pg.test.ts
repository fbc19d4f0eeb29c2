import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, test } from '@jest/globals';
import type { Client } from '@driftbox/api-client';
import { parseDriveId, parseEntryId, type DriveId, type EntryId } from '@driftbox/domain';
import { routes, type Drive } from '@driftbox/protocol';
import { sweepTenant } from './sweep-tenant.ts';
import { forward, type Wire } from './testing/door.ts';
import { chunk, kinds, pick, problem, useScene, type Scene } from './testing/scene.ts';

let scene = {} as Scene;
let shared = {} as Drive;
let cursor = '';
let folder = {} as ReturnType<Scene['folder']>;
let file = {} as ReturnType<Scene['file']>;
let before = 0;
useScene((given) => {
  scene = given;
});

/** Ada's folder with a file, and an old file in the trash, on their way to a drive that Ada alone may read; Eve reads Ada's home. */
beforeEach(async () => {
  const { ada, eve, db, tenantId, drive, commit } = scene;
  shared = await ada.user.call(routes.createDrive, { body: { name: 'Plans' } });
  await db.adminQuery(`INSERT INTO grants (tenant, drive_id, subject, role, granted_by) VALUES ($1, $2, $3, 'editor', $3)`, [
    tenantId,
    drive,
    eve.userId,
  ]);
  folder = scene.folder('docs');
  file = scene.file('a.txt', [chunk('a')], { parentId: folder.entryId });
  const old = scene.file('old.txt', [chunk('old')], { parentId: folder.entryId });
  await commit([folder, file, old]);
  await commit([
    { op: 'putFile', entryId: file.entryId, writeId: randomUUID(), mtime: file.mtime, baseRev: 1, ...pick(scene.file('b', [chunk('b')])) },
  ]);
  before = (await commit([{ op: 'delete', entryId: old.entryId, writeId: randomUUID(), baseRev: 1, seenSeq: 4 }])).seq;
  cursor = (await ada.user.call(routes.listChanges, { params: { drive } })).nextCursor;
});

const move = (over: Record<string, unknown> = {}): Wire => ({
  op: 'move',
  entryId: folder.entryId,
  writeId: randomUUID(),
  parentId: shared.rootId,
  name: 'papers',
  baseRev: 1,
  toDrive: shared.drive,
  ...over,
});
const changesOf = async (client: Client, drive: DriveId, after?: string) =>
  (await client.call(routes.listChanges, { params: { drive }, query: { after } })).changes;
const entry = (id: string): EntryId => parseEntryId(id)!;

describe('after a folder moved to another drive', () => {
  beforeEach(async () => {
    expect(kinds(await scene.commit([move()]))).toEqual(['committed']);
  });

  test('the old drive tells one change: where it went to who may read that, else that it is gone', async () => {
    const gone = { seq: before + 1, entryId: folder.entryId };
    expect(await changesOf(scene.ada.user, scene.drive, cursor)).toEqual([
      { change: 'movedTo', ...gone, drive: shared.drive, targetSeq: 1 },
    ]);
    expect(await changesOf(scene.eve.user, scene.drive, cursor)).toEqual([{ change: 'deleted', ...gone }]);
    expect(await changesOf(scene.eve.user, scene.drive)).toEqual([]);
  });

  test('the new drive tells of all that arrived, page by page, with ids, revisions and history', async () => {
    const { ada } = scene;
    const params = { drive: shared.drive };
    const first = await ada.user.call(routes.listChanges, { params, query: { limit: 1 } });
    const second = await ada.user.call(routes.listChanges, { params, query: { limit: 1, after: first.nextCursor } });
    const third = await ada.user.call(routes.listChanges, { params, query: { limit: 1, after: second.nextCursor } });
    const ids = [first, second, third].flatMap(({ changes }) => changes.map((one) => (one.change === 'put' ? one.entry.entryId : '')));
    expect(ids.toSorted()).toEqual([folder.entryId, file.entryId].toSorted());
    expect(third.more).toBe(false);
    const { items } = await ada.user.call(routes.listRevisions, { params: { ...params, entry: entry(file.entryId) } });
    expect(items.map(({ rev, seq }) => [rev, seq])).toEqual([
      [2, 1],
      [1, 1],
    ]);
    expect((await ada.user.call(routes.listTrash, { params })).items.map(({ name }) => name)).toEqual(['old.txt']);
  });

  test('reads and commits at the old drive are told where it is, or nothing', async () => {
    const { ada, eve, drive, driveEpoch } = scene;
    const moved = { code: 'moved', details: { drive: shared.drive } };
    for (const id of [folder.entryId, file.entryId]) {
      const params = { drive, entry: entry(id) };
      for (const [client, answer] of [[ada, moved] as const, [eve, { code: 'not_found' }] as const]) {
        for (const route of [routes.getEntry, routes.listRevisions, routes.getEntryPath, routes.listChildren] as const)
          await expect(client.user.call(route, { params })).rejects.toMatchObject(answer);
        await expect(client.upload.call(routes.locateContent, { params })).rejects.toMatchObject(answer);
      }
    }
    const edit = () => ({ op: 'setAttributes' as const, entryId: file.entryId, writeId: randomUUID(), baseRev: 2, executable: true });
    const inside = () => scene.folder('new', folder.entryId);
    for (const operation of [edit, inside]) {
      expect((await forward(ada, { drive, driveEpoch, operations: [operation()] })).outcomes).toEqual([
        { outcome: 'moved', drive: shared.drive },
      ]);
      expect(kinds(await forward(eve, { drive, driveEpoch, operations: [operation()] }))).toEqual(['not_found']);
    }
  });

  test('what the move was answered it is answered again, and older writes too', async () => {
    const write = move();
    const back = { ...write, toDrive: scene.drive, parentId: scene.rootId, baseRev: 2, name: 'docs' };
    const { drive, driveEpoch } = shared;
    const once = await forward(scene.ada, { drive, driveEpoch, operations: [back] });
    expect(await forward(scene.ada, { drive, driveEpoch, operations: [back] })).toEqual(once);
    expect((await scene.commit([folder])).outcomes).toEqual([{ outcome: 'committed', entryId: folder.entryId, rev: 1, seq: 1 }]);
  });

  test('the drive possesses the chunks that came, and the old one none of them', async () => {
    const digests = [chunk('a').digest, chunk('b').digest, chunk('old').digest];
    const possessed = async (drive: DriveId) =>
      (await scene.ada.upload.call(routes.checkPossession, { params: { drive }, body: { verb: 'read', digests } })).possessed.toSorted();
    expect(await possessed(shared.drive)).toEqual(digests.toSorted());
    expect(await possessed(scene.drive)).toEqual([]);
  });

  test('the past of the old drive shows where it stood, and who may read the target where it went', async () => {
    const { ada, eve, drive, rootId } = scene;
    const stub = { kind: 'departed', entryId: folder.entryId, drive, parentId: rootId, name: 'docs', seq: before + 1 };
    const at = (seq: number, id: string) => ({ params: { drive, seq, entry: entry(id) } });
    const whole = { ...stub, movedTo: { drive: shared.drive, seq: 1 } };
    expect((await ada.user.call(routes.listChildrenAt, at(before, rootId))).items).toEqual([whole]);
    expect((await eve.user.call(routes.listChildrenAt, at(before, rootId))).items).toEqual([stub]);
    expect(await ada.user.call(routes.getEntryAt, at(1, folder.entryId))).toEqual(whole);
    expect((await ada.user.call(routes.listChildrenAt, at(before + 1, rootId))).items).toEqual([]);
    for (const [seq, id] of [
      [0, folder.entryId],
      [before + 1, folder.entryId],
      [before, file.entryId],
    ] as const)
      await expect(ada.user.call(routes.getEntryAt, at(seq, id))).rejects.toEqual(problem('not_found'));
    await expect(ada.user.call(routes.listChildrenAt, at(before, folder.entryId))).rejects.toEqual(problem('not_found'));
    // The target's past begins with the arrival.
    await expect(ada.user.call(routes.getEntryAt, { params: { drive: shared.drive, seq: 0, entry: entry(file.entryId) } })).rejects.toEqual(
      problem('not_found'),
    );
  });

  test('and back again, it is as if it had been there all the time, and the other drive is told', async () => {
    const { ada, drive, rootId } = scene;
    const there = { drive: shared.drive, driveEpoch: shared.driveEpoch };
    const back = move({ toDrive: drive, parentId: rootId, name: 'docs', baseRev: 2 });
    expect(kinds(await forward(ada, { ...there, operations: [back] }))).toEqual(['committed']);
    const changes = await changesOf(ada.user, drive, cursor);
    // All that arrived has one seq, in the order of its random ids; what is in the trash is told as deleted.
    expect(changes.map(({ change }) => change).toSorted()).toEqual(['deleted', 'put', 'put']);
    expect((await ada.user.call(routes.getEntry, { params: { drive, entry: entry(file.entryId) } })).rev).toBe(2);
    await expect(ada.user.call(routes.getEntry, { params: { drive: shared.drive, entry: entry(file.entryId) } })).rejects.toMatchObject({
      code: 'moved',
      details: { drive },
    });
    expect(kinds(await scene.commit([move({ baseRev: 3 })]))).toEqual(['committed']);
  });

  test('each drive gets an event of its own', async () => {
    const rows = await scene.db.adminQuery<{ key: string; payload: string }>(
      `SELECT key, data AS payload FROM outbox WHERE tenant = $1 AND type = 'files.committed' ORDER BY id DESC LIMIT 2`,
      [scene.tenantId],
    );
    expect(rows.map(({ key }) => parseDriveId(key)).toSorted()).toEqual([scene.drive, shared.drive].toSorted());
  });
});

test('after a year nobody is told any more where it went, and cursors from before are refused', async () => {
  const { ada, db, tenantId, drive } = scene;
  await scene.commit([move()]);
  await db.adminQuery(`UPDATE departures SET made_at = now() - interval '366 days' WHERE tenant = $1`, [tenantId]);
  await sweepTenant(db.database, tenantId);
  await expect(ada.user.call(routes.getEntry, { params: { drive, entry: entry(file.entryId) } })).rejects.toEqual(problem('not_found'));
  await expect(changesOf(ada.user, drive, cursor)).rejects.toEqual(problem('cursor_expired'));
  expect(await changesOf(ada.user, drive)).toEqual([]);
});

test('trash that arrived with one folder is listed page by page', async () => {
  const many = Array.from({ length: 4 }, (_, n) => scene.folder(`t${n}`, folder.entryId));
  await scene.commit(many);
  await scene.commit(many.map(({ entryId }) => ({ op: 'delete', entryId, writeId: randomUUID(), baseRev: 1, seenSeq: 99 })));
  await scene.commit([move()]);
  const names: string[] = [];
  for (let after: string | undefined, more = true; more; more = after !== undefined) {
    const page = await scene.ada.user.call(routes.listTrash, { params: { drive: shared.drive }, query: { limit: 2, cursor: after } });
    names.push(...page.items.map(({ name }) => name));
    after = page.nextCursor;
  }
  expect(names.toSorted()).toEqual(['old.txt', 't0', 't1', 't2', 't3']);
});
