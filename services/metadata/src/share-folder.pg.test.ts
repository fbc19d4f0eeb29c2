import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { parseEntryId, type DriveId, type EntryId } from '@driftbox/domain';
import { routes, type Drive } from '@driftbox/protocol';
import { sweepTenant } from './sweep-tenant.ts';
import { forward, type Person } from './testing/door.ts';
import { expectHoldings } from './testing/expect-holdings.ts';
import { knowUser } from './testing/know-user.ts';
import { chunk, kinds, problem, useScene, type Scene } from './testing/scene.ts';

let scene = {} as Scene;
let docs = {} as ReturnType<Scene['folder']>;
let file = {} as ReturnType<Scene['file']>;
let seenSeq = 0;
useScene((given) => {
  scene = given;
});

beforeEach(async () => {
  const { ada, eve, db, tenantId, commit } = scene;
  for (const [name, { userId }] of Object.entries({ ada, eve })) await knowUser(db, tenantId, userId, name);
  docs = scene.folder('docs');
  file = scene.file('a.txt', [chunk('a')], { parentId: docs.entryId });
  const old = scene.file('old.txt', [chunk('old')], { parentId: docs.entryId });
  await commit([docs, file, old]);
  const edit = { op: 'setAttributes' as const, entryId: file.entryId, writeId: randomUUID(), baseRev: 1, executable: true };
  const trash = { op: 'delete' as const, entryId: old.entryId, writeId: randomUUID(), baseRev: 1, seenSeq: 3 };
  seenSeq = (await commit([edit, trash])).seq;
});

const entry = (id: string): EntryId => parseEntryId(id)!;
const fromOf = (over: Record<string, unknown> = {}) => ({ drive: scene.drive, entryId: entry(docs.entryId), baseRev: 1, seenSeq, ...over });
const share = (over: Record<string, unknown> = {}): Promise<Drive> =>
  scene.ada.user.call(routes.createDrive, { body: { from: fromOf(over) } });
const childrenOf = async (by: Person, drive: DriveId, folder: string) =>
  (await by.user.call(routes.listChildren, { params: { drive, entry: entry(folder) } })).items;
const mount = (drive: DriveId, parentId: string, name = 'theirs') => ({
  op: 'putMount' as const,
  entryId: randomUUID() as string,
  writeId: randomUUID(),
  parentId,
  name,
  drive,
});
const homeOf = async (person: Person): Promise<Drive> => (await person.user.call(routes.listDrives)).items[0]!;
const letIn = (drive: DriveId, role: 'viewer' | 'editor') =>
  scene.ada.user.call(routes.putGrant, { params: { drive, subject: scene.eve.userId }, body: { role } });

describe('sharing a folder', () => {
  test('makes a drive of it, with a mount in its place; ids, revisions, history and trash stay', async () => {
    const { ada, drive, rootId, db, tenantId } = scene;
    const shared = await share();
    expect(shared).toMatchObject({ rootId: docs.entryId, name: 'docs', kind: 'shared', owner: ada.userId, role: 'owner', seq: 1 });
    expect(await childrenOf(ada, drive, rootId)).toEqual([
      expect.objectContaining({ kind: 'mount', name: 'docs', mountedDrive: shared.drive }),
    ]);
    expect(await childrenOf(ada, shared.drive, docs.entryId)).toEqual([
      expect.objectContaining({ entryId: file.entryId, rev: 2, executable: true }),
    ]);
    const { items } = await ada.user.call(routes.listRevisions, { params: { drive: shared.drive, entry: entry(file.entryId) } });
    expect(items.map(({ rev }) => rev)).toEqual([2, 1]);
    expect((await ada.user.call(routes.listTrash, { params: { drive: shared.drive } })).items.map(({ name }) => name)).toEqual(['old.txt']);
    const changes = (await ada.user.call(routes.listChanges, { params: { drive: shared.drive } })).changes;
    expect(changes.map((change) => [change.change, change.seq])).toEqual([['put', 1]]);
    expect((await ada.user.call(routes.getEntryPath, { params: { drive: shared.drive, entry: entry(file.entryId) } })).path).toBe('/a.txt');
    expect((await ada.user.call(routes.getEntryAt, { params: { drive: shared.drive, seq: 1, entry: entry(file.entryId) } })).name).toBe(
      'a.txt',
    );
    await expectHoldings(db, tenantId);
  });

  test('its folder\u2019s id leads whoever asks at home to the drive, and the feed tells the departure before the mount', async () => {
    const { ada, drive, driveEpoch, commit } = scene;
    const after = (await ada.user.call(routes.listChanges, { params: { drive } })).nextCursor;
    const shared = await share();
    const { changes } = await ada.user.call(routes.listChanges, { params: { drive }, query: { after } });
    expect(changes).toEqual([
      { change: 'movedTo', seq: seenSeq + 1, entryId: docs.entryId, drive: shared.drive, targetSeq: 1 },
      expect.objectContaining({ change: 'put', seq: seenSeq + 2, entry: expect.objectContaining({ kind: 'mount', rev: 1 }) }),
    ]);
    for (const id of [docs.entryId, file.entryId])
      await expect(ada.user.call(routes.getEntry, { params: { drive, entry: entry(id) } })).rejects.toMatchObject({
        code: 'moved',
        details: { drive: shared.drive },
      });
    const late = await commit([scene.folder('late', docs.entryId)]);
    expect(late.outcomes).toEqual([{ outcome: 'moved', drive: shared.drive }]);
    const inside = scene.folder('new', docs.entryId);
    expect(kinds(await forward(ada, { drive: shared.drive, driveEpoch: shared.driveEpoch, operations: [inside] }))).toEqual(['committed']);
    expect(
      kinds(
        await forward(ada, {
          drive,
          driveEpoch,
          operations: [{ op: 'delete', entryId: docs.entryId, writeId: randomUUID(), baseRev: 1, seenSeq: 9 }],
        }),
      ),
    ).toEqual(['moved']);
    await expect(share()).rejects.toMatchObject({ code: 'moved' });
  });

  test('once for each idempotency key', async () => {
    const idempotencyKey = randomUUID();
    const body = { from: fromOf() };
    const made = await scene.ada.user.call(routes.createDrive, { body, idempotencyKey });
    expect(await scene.ada.user.call(routes.createDrive, { body, idempotencyKey })).toEqual(made);
  });

  test('is refused for what its owner had not seen, for files, the root, and in a shared drive', async () => {
    const { ada, eve, rootId } = scene;
    await expect(share({ seenSeq: seenSeq - 1 })).rejects.toMatchObject({
      code: 'revision_conflict',
      details: { entries: [expect.any(String)] },
    });
    await expect(share({ baseRev: 2 })).rejects.toEqual(problem('revision_conflict'));
    const both = { name: 'docs', from: fromOf() };
    await expect(ada.user.call(routes.createDrive, { body: both })).rejects.toEqual(problem('invalid_argument'));
    await expect(share({ entryId: entry(file.entryId), baseRev: 2 })).rejects.toEqual(problem('invalid_argument'));
    await expect(share({ entryId: entry(rootId) })).rejects.toEqual(problem('invalid_argument'));
    await expect(share({ entryId: entry(randomUUID()) })).rejects.toEqual(problem('not_found'));
    await expect(eve.user.call(routes.createDrive, { body: { from: fromOf() } })).rejects.toEqual(problem('not_found'));
    const shared = await share();
    const sub = scene.folder('sub', docs.entryId);
    await forward(ada, { drive: shared.drive, driveEpoch: shared.driveEpoch, operations: [sub] });
    await expect(share({ drive: shared.drive, entryId: entry(sub.entryId), seenSeq: 2 })).rejects.toEqual(problem('invalid_argument'));
  });

  test('and a folder that holds a shared one is not shared either', async () => {
    const { commit, rootId } = scene;
    const above = scene.folder('above');
    await commit([above, { op: 'move', entryId: docs.entryId, writeId: randomUUID(), parentId: above.entryId, name: 'docs', baseRev: 1 }]);
    await share({ baseRev: 2, seenSeq: 99 });
    await expect(share({ entryId: entry(above.entryId), seenSeq: 99 })).rejects.toEqual(problem('invalid_argument'));
    expect(rootId).toBeDefined();
  });
});

describe('mounts', () => {
  test('are put by who has a role, in their home; deleting one leaves the drive as it is', async () => {
    const { ada, eve } = scene;
    const shared = await share();
    const home = await homeOf(eve);
    const inHome = (operations: object[]) =>
      forward(eve, { drive: home.drive, driveEpoch: home.driveEpoch, operations: operations as never });
    expect(kinds(await inHome([mount(shared.drive, home.rootId)]))).toEqual(['not_found']);
    await letIn(shared.drive, 'editor');
    const one = mount(shared.drive, home.rootId);
    expect(kinds(await inHome([one]))).toEqual(['committed']);
    expect(
      kinds(await forward(eve, { drive: shared.drive, driveEpoch: shared.driveEpoch, operations: [mount(shared.drive, docs.entryId)] })),
    ).toEqual(['invalid_argument']);
    await inHome([{ op: 'delete', entryId: one.entryId, writeId: randomUUID(), baseRev: 1, seenSeq: 1 }]);
    expect(await childrenOf(eve, shared.drive, docs.entryId)).toHaveLength(1);
    expect(await childrenOf(ada, shared.drive, docs.entryId)).toHaveLength(1);
  });

  test('go from the home of who leaves or is removed, and their feed tells it', async () => {
    const { ada, eve } = scene;
    const shared = await share();
    const home = await homeOf(eve);
    for (const by of [ada, eve]) {
      await letIn(shared.drive, 'viewer');
      const one = mount(shared.drive, home.rootId);
      await forward(eve, { drive: home.drive, driveEpoch: home.driveEpoch, operations: [one] });
      const after = (await eve.user.call(routes.listChanges, { params: { drive: home.drive } })).nextCursor;
      await by.user.call(routes.removeGrant, { params: { drive: shared.drive, subject: eve.userId } });
      expect(await childrenOf(eve, home.drive, home.rootId)).toEqual([]);
      const { changes } = await eve.user.call(routes.listChanges, { params: { drive: home.drive }, query: { after } });
      expect(changes).toEqual([expect.objectContaining({ change: 'deleted', entryId: one.entryId })]);
    }
    expect(await childrenOf(ada, scene.drive, scene.rootId)).toHaveLength(1);
  });

  test('that were left behind by a process that died go with the next sweep, others stay', async () => {
    const { ada, eve, db, tenantId } = scene;
    const shared = await share();
    await letIn(shared.drive, 'viewer');
    const home = await homeOf(eve);
    await forward(eve, { drive: home.drive, driveEpoch: home.driveEpoch, operations: [mount(shared.drive, home.rootId)] });
    await sweepTenant(db.database, tenantId);
    expect(await childrenOf(eve, home.drive, home.rootId)).toHaveLength(1);
    await db.adminQuery('DELETE FROM grants WHERE drive_id = $1 AND subject = $2', [shared.drive, eve.userId]);
    await sweepTenant(db.database, tenantId);
    expect(await childrenOf(eve, home.drive, home.rootId)).toEqual([]);
    expect(await childrenOf(ada, scene.drive, scene.rootId)).toHaveLength(1);
  });
});

describe('unsharing', () => {
  const unshare = (by: Person, drive: DriveId, over: Record<string, unknown> = {}) =>
    by.user.call(routes.unshareDrive, {
      params: { drive },
      body: { into: { drive: scene.drive, parentId: entry(scene.rootId), name: 'docs', ...over } },
    });

  test('is the way back: the folder has its id and history again, its mounts and members are gone', async () => {
    const { ada, eve, drive, rootId, db, tenantId } = scene;
    const shared = await share();
    await letIn(shared.drive, 'editor');
    const home = await homeOf(eve);
    await forward(eve, { drive: home.drive, driveEpoch: home.driveEpoch, operations: [mount(shared.drive, home.rootId)] });
    const added = scene.file('b.txt', [chunk('b')], { parentId: docs.entryId });
    await forward(eve, { drive: shared.drive, driveEpoch: shared.driveEpoch, operations: [added] });
    await expect(unshare(eve, shared.drive)).rejects.toEqual(problem('permission_denied'));
    expect(await unshare(ada, shared.drive)).toMatchObject({ kind: 'folder', entryId: docs.entryId, name: 'docs', drive, rev: 3 });
    expect((await childrenOf(ada, drive, rootId)).map(({ kind, name }) => [kind, name])).toEqual([['folder', 'docs']]);
    expect((await childrenOf(ada, drive, docs.entryId)).map(({ name }) => name)).toEqual(['a.txt', 'b.txt']);
    expect((await ada.user.call(routes.listTrash, { params: { drive } })).items.map(({ name }) => name)).toEqual(['old.txt']);
    for (const person of [ada, eve])
      await expect(person.user.call(routes.getDrive, { params: { drive: shared.drive } })).rejects.toEqual(problem('not_found'));
    expect(await childrenOf(eve, home.drive, home.rootId)).toEqual([]);
    await expectHoldings(db, tenantId);
    const ledger = 'current_files, current_bytes, history_files, history_bytes, trash_files, trash_bytes';
    expect(await db.adminQuery(`SELECT ${ledger} FROM drives WHERE drive_id = $1`, [drive])).toEqual([
      { current_files: 2, current_bytes: 20, history_files: 0, history_bytes: 0, trash_files: 1, trash_bytes: 10 },
    ]);
    const again = await share({ baseRev: 3, seenSeq: 99 });
    expect(again.rootId).toBe(docs.entryId);
  });

  test('a drive that never was a folder becomes one, under a name that is free, with its history', async () => {
    const { ada, drive } = scene;
    const plans = await ada.user.call(routes.createDrive, { body: { name: 'Plans' } });
    await expect(unshare(ada, plans.drive)).rejects.toMatchObject({ code: 'name_taken' });
    expect(await unshare(ada, plans.drive, { name: 'plans' })).toMatchObject({ entryId: plans.rootId, rev: 2 });
    await expect(unshare(ada, drive)).rejects.toEqual(problem('permission_denied'));
    await expect(unshare(ada, plans.drive)).rejects.toEqual(problem('not_found'));
  });

  test('into a drive that the owner may not write to is refused', async () => {
    const { ada, eve } = scene;
    const shared = await share();
    const home = await homeOf(eve);
    await expect(unshare(ada, shared.drive, { drive: home.drive, parentId: home.rootId })).rejects.toEqual(problem('not_found'));
    await expect(unshare(ada, shared.drive, { drive: shared.drive, parentId: shared.rootId })).rejects.toEqual(problem('invalid_argument'));
  });
});

describe('deleting a shared drive', () => {
  const end = (by: Person, drive: DriveId) => by.user.call(routes.deleteDrive, { params: { drive } });

  test('ends it for everybody, and leaves all that was in it in its owner\u2019s trash', async () => {
    const { ada, eve, drive, rootId, db, tenantId, folder, commit } = scene;
    const shared = await share();
    await letIn(shared.drive, 'editor');
    const eves = await homeOf(eve);
    const mounted = mount(shared.drive, eves.rootId);
    expect(kinds(await forward(eve, { drive: eves.drive, driveEpoch: eves.driveEpoch, operations: [mounted] }))).toEqual(['committed']);
    await expect(end(eve, shared.drive)).rejects.toEqual(problem('permission_denied'));
    await expect(end(ada, drive)).rejects.toEqual(problem('permission_denied'));
    await end(ada, shared.drive);
    for (const person of [ada, eve]) await expect(end(person, shared.drive)).rejects.toEqual(problem('not_found'));
    expect([await childrenOf(eve, eves.drive, eves.rootId), await childrenOf(ada, drive, rootId)]).toEqual([[], []]);
    const { items } = await ada.user.call(routes.listTrash, { params: { drive } });
    expect(items.map(({ name }) => name)).toContain('docs');
    await expectHoldings(db, tenantId);
    // Out of the trash it is a folder with all that it had.
    await commit([folder('docs'), { op: 'untrash', entryId: docs.entryId, writeId: randomUUID(), parentId: rootId, name: 'back' }]);
    expect((await childrenOf(ada, drive, docs.entryId)).map(({ entryId }) => entryId)).toEqual([file.entryId]);
  });
});
