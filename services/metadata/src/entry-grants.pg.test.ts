import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { parseEntryId, type EntryRole } from '@driftbox/domain';
import { routes, type Drive } from '@driftbox/protocol';
import { forward, type Person } from './testing/door.ts';
import { knowUser } from './testing/know-user.ts';
import { chunk, kinds, problem, useScene, type Scene } from './testing/scene.ts';
import { newUser } from './testing/world.ts';

let scene = {} as Scene;
useScene((made) => {
  scene = made;
});

/** Ids in Ada's home: `Secret/Plans/Deep/note.txt`, `Secret/Plans/report.txt` and, beside the folder, `Secret/pay.txt`. */
let at: Record<'secret' | 'plans' | 'deep' | 'note' | 'report' | 'pay', string>;
let max = {} as Person;
beforeEach(async () => {
  const { ada, eve, door, tenantId, db, folder, file, commit } = scene;
  max = door.as(tenantId, newUser());
  for (const [name, { userId }] of Object.entries({ ada, eve, max })) await knowUser(db, tenantId, userId, name);
  const secret = folder('Secret');
  const plans = folder('Plans', secret.entryId);
  const deep = folder('Deep', plans.entryId);
  const note = file('note.txt', [chunk('note')], { parentId: deep.entryId });
  const report = file('report.txt', [chunk('report')], { parentId: plans.entryId });
  const pay = file('pay.txt', [chunk('pay')], { parentId: secret.entryId });
  expect(new Set(kinds(await commit([secret, plans, deep, note, report, pay])))).toEqual(new Set(['committed']));
  const ids = { secret, plans, deep, note, report, pay };
  at = Object.fromEntries(Object.entries(ids).map(([name, { entryId }]) => [name, entryId])) as typeof at;
});

const put = (by: Person, entry: string, whom: { userId: string }, role: EntryRole = 'viewer') =>
  by.user.call(routes.putEntryGrant, { params: { ...scene.onEntry(entry).params, subject: whom.userId }, body: { role } });
const remove = (by: Person, entry: string, whom: { userId: string }) =>
  by.user.call(routes.removeEntryGrant, { params: { ...scene.onEntry(entry).params, subject: whom.userId } });
const read = (by: Person, entry: string, drive: string = scene.drive) => by.user.call(routes.getEntry, { params: { drive, entry } });
const names = ({ items }: { items: readonly { name: string }[] }) => items.map(({ name }) => name);
const search = async (by: Person, query: Record<string, string>) =>
  (await by.user.call(routes.searchEntries, { query })).items.map(({ path }) => path);
const granted = async (by: Person) => (await by.user.call(routes.listGrantedEntries)).items.map(({ entry, role }) => [entry.name, role]);
const operation = (op: 'move' | 'delete' | 'untrash', entryId: string, over: Record<string, unknown>) => ({
  op,
  entryId,
  writeId: randomUUID(),
  ...over,
});

/** Everything that reads one entry, by name. */
const readings: Readonly<Record<string, (by: Person, entry: string) => Promise<unknown>>> = {
  entry: (by, entry) => read(by, entry),
  path: (by, entry) => by.user.call(routes.getEntryPath, scene.onEntry(entry)),
  revisions: (by, entry) => by.user.call(routes.listRevisions, scene.onEntry(entry)),
  tags: (by, entry) => by.user.call(routes.listTags, scene.onEntry(entry)),
  activity: (by, entry) => by.user.call(routes.listActivity, { ...scene.inDrive(), query: { entry } }),
  grants: (by, entry) => by.user.call(routes.listEntryGrants, scene.onEntry(entry)),
  access: (by, entry) => by.upload.call(routes.checkAccess, { ...scene.inDrive(), body: { verb: 'read', entry: parseEntryId(entry)! } }),
  segments: (by, entry) => by.upload.call(routes.readSegments, { ...scene.inDrive(), body: { digests: [], entry: parseEntryId(entry)! } }),
};
const fileReadings: typeof readings = { content: (by, entry) => by.upload.call(routes.locateContent, scene.onEntry(entry)) };
const folderReadings: typeof readings = {
  children: (by, entry) => by.user.call(routes.listChildren, scene.onEntry(entry)),
  descendants: (by, entry) => by.user.call(routes.listDescendants, scene.onEntry(entry)),
};
const allOf = (isFile: boolean) => Object.entries({ ...readings, ...(isFile ? fileReadings : folderReadings) });
async function expectAll(by: Person, entry: string, isFile: boolean, may: boolean): Promise<void> {
  for (const [name, reading] of allOf(isFile)) {
    const answer = await reading(by, entry).then(
      () => 'answered',
      (error: { code: string }) => error.code,
    );
    expect([name, answer]).toEqual([name, may ? 'answered' : 'not_found']);
  }
}

describe('a role on a single entry', () => {
  test('on a folder opens it and all below to every reading, and nothing beside or above it', async () => {
    const { ada, eve } = scene;
    for (const entry of [at.plans, at.deep]) await expectAll(eve, entry, false, false);
    expect(await put(ada, at.plans, eve)).toMatchObject({ subject: eve.userId, name: 'eve', role: 'viewer', grantedBy: ada.userId });
    for (const entry of [at.plans, at.deep]) await expectAll(eve, entry, false, true);
    for (const entry of [at.note, at.report]) await expectAll(eve, entry, true, true);
    await expectAll(eve, at.secret, false, false);
    await expectAll(eve, at.pay, true, false);
    expect(names(await eve.user.call(routes.listChildren, scene.onEntry(at.plans)))).toEqual(['Deep', 'report.txt']);
    await remove(ada, at.plans, eve);
    for (const entry of [at.plans, at.deep]) await expectAll(eve, entry, false, false);
    for (const entry of [at.note, at.report]) await expectAll(eve, entry, true, false);
  });

  test('is for the API: the drive is not listed, read, followed, mounted or asked about chunks', async () => {
    const { ada, eve, inDrive, rootId, drive } = scene;
    await put(ada, at.plans, eve, 'manager');
    expect((await eve.user.call(routes.listDrives)).items.map((one) => one.drive)).not.toContain(drive);
    const closed: Readonly<Record<string, () => Promise<unknown>>> = {
      getDrive: () => eve.user.call(routes.getDrive, inDrive()),
      listChanges: () => eve.user.call(routes.listChanges, inDrive()),
      listTrash: () => eve.user.call(routes.listTrash, inDrive()),
      listGrants: () => eve.user.call(routes.listGrants, inDrive()),
      driveActivity: () => eve.user.call(routes.listActivity, inDrive()),
      root: () => eve.user.call(routes.listChildren, scene.onEntry(rootId)),
      past: () => eve.user.call(routes.getEntryAt, { params: { drive, entry: at.plans, seq: 6 } }),
      resolve: () => eve.user.call(routes.resolvePath, { ...inDrive(), query: { path: '/Secret/Plans' } }),
      possession: () => eve.upload.call(routes.checkPossession, { ...inDrive(), body: { verb: 'read', digests: [] } }),
      segments: () => eve.upload.call(routes.readSegments, { ...inDrive(), body: { digests: [] } }),
      access: () => eve.upload.call(routes.checkAccess, { ...inDrive(), body: { verb: 'read' } }),
      link: () => scene.door.holder(scene.tenantId, eve.userId, undefined).call(routes.describeLinked, scene.onEntry(at.plans)),
    };
    for (const [name, ask] of Object.entries(closed)) {
      const answer = await ask().then(
        () => 'answered',
        (error: { code: string }) => error.code,
      );
      expect([name, answer]).toEqual([name, 'not_found']);
    }
  });

  test('names no folder above: paths begin at the topmost entry that one was let in to, in search as well', async () => {
    const { ada, eve } = scene;
    await put(ada, at.deep, eve);
    await put(ada, at.plans, eve);
    expect(await eve.user.call(routes.getEntryPath, scene.onEntry(at.note))).toMatchObject({ path: '/Plans/Deep/note.txt' });
    expect(await search(eve, { q: 'note' })).toEqual(['/Plans/Deep/note.txt']);
    expect(await search(eve, { q: 'plans' })).toEqual(['/Plans']);
    expect(await search(eve, { path: '/plans/deep' })).toEqual(['/Plans/Deep', '/Plans/Deep/note.txt']);
    expect(await search(eve, { path: 'secret' })).toEqual([]);
    expect(await search(eve, { q: 'pay' })).toEqual([]);
    expect(await search(eve, { type: 'file' })).toEqual(['/Plans/Deep/note.txt', '/Plans/report.txt']);
    expect(await search(ada, { path: '/secret/plans/deep' })).toEqual(['/Secret/Plans/Deep', '/Secret/Plans/Deep/note.txt']);
    expect(await search(max, { q: 'note' })).toEqual([]);
    await remove(ada, at.plans, eve);
    expect(await search(eve, { q: 'note' })).toEqual(['/Deep/note.txt']);
    expect(await eve.user.call(routes.getEntryPath, scene.onEntry(at.note))).toMatchObject({ path: '/Deep/note.txt' });
  });

  test('on a file opens that file; the strongest counts, and through a group it is held as well', async () => {
    const { ada, eve, door, tenantId } = scene;
    const boss = door.as(tenantId, newUser(), 'owner');
    const { group } = await boss.user.call(routes.createGroup, { body: { name: 'Crew' } });
    await boss.user.call(routes.addGroupMember, { params: { group }, body: { email: 'max@example.com' } });
    await put(ada, at.report, { userId: group }, 'viewer');
    await expectAll(max, at.report, true, true);
    await expectAll(max, at.note, true, false);
    await expectAll(eve, at.report, true, false);
    expect(await granted(max)).toEqual([['report.txt', 'viewer']]);
    await put(ada, at.report, max, 'editor');
    expect(await granted(max)).toEqual([['report.txt', 'editor']]);
    await remove(ada, at.report, max);
    await boss.user.call(routes.removeGroup, { params: { group } });
    await expectAll(max, at.report, true, false);
    expect(await granted(max)).toEqual([]);
  });
});

describe('roles on entries are given', () => {
  test('by who manages the drive or the entry, by id or address, to people and groups of the tenant', async () => {
    const { ada, eve, onEntry, door, tenantId } = scene;
    await expect(put(eve, at.plans, max)).rejects.toEqual(problem('not_found'));
    const body = { email: 'Eve@example.com', role: 'editor' as const };
    expect(await ada.user.call(routes.addEntryGrant, { ...onEntry(at.plans), body })).toMatchObject({ name: 'eve', role: 'editor' });
    await expect(put(eve, at.plans, max)).rejects.toEqual(problem('permission_denied'));
    await put(ada, at.plans, eve, 'manager');
    await put(eve, at.note, max);
    await expect(put(eve, at.secret, max)).rejects.toEqual(problem('not_found'));
    await expect(put(ada, at.plans, door.as(tenantId, newUser()))).rejects.toEqual(problem('not_found'));
    await expect(put(ada, scene.rootId, max)).rejects.toEqual(problem('not_found'));
    const { items } = await max.user.call(routes.listEntryGrants, onEntry(at.note));
    expect(items.map(({ name, role, grantedBy }) => [name, role, grantedBy])).toEqual([['max', 'viewer', eve.userId]]);
    const params = { ...onEntry(at.plans).params, subject: eve.userId };
    expect(await ada.user.call(routes.getEntryGrant, { params })).toMatchObject({ role: 'manager' });
    await expect(ada.user.call(routes.getEntryGrant, { params: { ...params, subject: max.userId } })).rejects.toEqual(problem('not_found'));
  });

  test('and taken by them, or given up; what is not there is not found', async () => {
    const { ada, eve } = scene;
    await put(ada, at.note, max);
    await put(ada, at.note, eve);
    await expect(remove(max, at.note, eve)).rejects.toEqual(problem('permission_denied'));
    await remove(max, at.note, max);
    await expect(read(max, at.note)).rejects.toEqual(problem('not_found'));
    await expect(remove(ada, at.note, max)).rejects.toEqual(problem('not_found'));
    expect(await granted(max)).toEqual([]);
    expect(await granted(eve)).toEqual([['note.txt', 'viewer']]);
  });

  test('each change is an event that names the entry and whose access it changes', async () => {
    const { ada, eve, db, tenantId } = scene;
    await put(ada, at.note, eve);
    await put(ada, at.note, eve);
    await remove(ada, at.note, eve);
    const events = await db.adminQuery<{ data: unknown }>(
      `SELECT data FROM outbox WHERE tenant = $1 AND type = 'entry_grant.changed' ORDER BY id`,
      [tenantId],
    );
    const common = {
      drive: scene.drive,
      entryId: at.note,
      entryName: 'note.txt',
      subject: eve.userId,
      people: [eve.userId],
      by: ada.userId,
    };
    expect(events.map(({ data }) => data)).toEqual([
      { ...common, role: 'viewer' },
      { ...common, role: null },
    ]);
  });
});

describe('who was let in to write', () => {
  const change = (by: Person, ...operations: Parameters<typeof forward>[1]['operations']) =>
    forward(by, { drive: scene.drive, driveEpoch: scene.driveEpoch, operations });
  const made = (parentId: string) => scene.folder('new', parentId);
  const attributes = (entryId: string) => ({ op: 'setAttributes' as const, entryId, writeId: randomUUID(), baseRev: 1, executable: true });

  test('commits below the entry and nowhere else; who was not is told that there is no such drive', async () => {
    const { ada, eve } = scene;
    await expect(change(eve, made(at.plans))).rejects.toEqual(problem('not_found'));
    await put(ada, at.plans, eve, 'editor');
    expect(kinds(await change(eve, made(at.plans), attributes(at.note), attributes(at.pay)))).toEqual([
      'committed',
      'committed',
      'not_found',
    ]);
    expect(kinds(await change(eve, operation('delete', at.plans, { baseRev: 1, seenSeq: 99 }) as never))).toEqual(['permission_denied']);
    await expect(change(eve, attributes(at.pay))).rejects.toEqual(problem('not_found'));
    await put(ada, at.plans, eve, 'viewer');
    expect(kinds(await change(eve, attributes(at.report)))).toEqual(['permission_denied']);
    const tag = { params: { ...scene.onEntry(at.report).params, tag: 'x' }, body: {} };
    await expect(eve.user.call(routes.putTag, tag)).rejects.toEqual(problem('permission_denied'));
    await put(ada, at.plans, eve, 'editor');
    expect(await eve.user.call(routes.putTag, tag)).toMatchObject({ tag: 'x' });
    await remove(ada, at.plans, eve);
    await expect(change(eve, attributes(at.report))).rejects.toEqual(problem('not_found'));
  });

  test('finds where a path below the entry is written, and nothing above it', async () => {
    const { ada, eve, inDrive } = scene;
    await put(ada, at.plans, eve, 'editor');
    const resolve = (path: string, below: string, by: Person = eve) =>
      by.upload.call(routes.resolveForWrite, { ...inDrive(), body: { path, below: parseEntryId(below)! } });
    expect(await resolve('/Deep/note.txt', at.plans)).toMatchObject({
      parentId: at.deep,
      name: 'note.txt',
      entry: { entryId: at.note, rev: 1 },
    });
    expect(await resolve('/', at.report)).toMatchObject({ parentId: at.plans, name: 'report.txt', entry: { entryId: at.report } });
    const fresh = await resolve('fresh', at.plans);
    expect([fresh.parentId, fresh.name, fresh.entry]).toEqual([at.plans, 'fresh', undefined]);
    await expect(resolve('a/b', at.plans)).rejects.toEqual(problem('not_found'));
    await expect(resolve('x', at.report)).rejects.toEqual(problem('not_found'));
    await expect(resolve('pay.txt', at.secret)).rejects.toEqual(problem('not_found'));
    await expect(resolve('x', at.plans, max)).rejects.toEqual(problem('not_found'));
    await put(ada, at.plans, max);
    await expect(resolve('x', at.plans, max)).rejects.toEqual(problem('permission_denied'));
  });
});

describe('roles go with their entry', () => {
  const grantAll = async () => {
    await put(scene.ada, at.plans, scene.eve);
    await put(scene.ada, at.note, max, 'editor');
  };
  const move = (entryId: string, over: Record<string, unknown>) =>
    scene.commit([operation('move', entryId, { baseRev: 1, name: 'moved', ...over })]);

  test('within the drive, and what is moved out of a granted folder is its people\u2019s no more', async () => {
    const { eve, rootId } = scene;
    await grantAll();
    expect(kinds(await move(at.deep, { parentId: rootId }))).toEqual(['committed']);
    await expect(read(eve, at.note)).rejects.toEqual(problem('not_found'));
    expect(await read(max, at.note)).toMatchObject({ name: 'note.txt' });
    expect(kinds(await move(at.plans, { parentId: rootId, name: 'elsewhere' }))).toEqual(['committed']);
    expect(await search(eve, { q: 'report' })).toEqual(['/elsewhere/report.txt']);
  });

  test('into the trash, where they open nothing until it is put back', async () => {
    const { eve, commit } = scene;
    await grantAll();
    expect(kinds(await commit([operation('delete', at.secret, { baseRev: 1, seenSeq: 6 })]))).toEqual(['committed']);
    await expectAll(eve, at.plans, false, false);
    await expectAll(max, at.note, true, false);
    expect([await granted(eve), await granted(max), await search(eve, { q: 'note' })]).toEqual([[], [], []]);
    expect(kinds(await commit([operation('untrash', at.secret, {})]))).toEqual(['committed']);
    expect([await granted(eve), await granted(max)]).toEqual([[['Plans', 'viewer']], [['note.txt', 'editor']]]);
  });

  test('to another drive of the same owner, and end where it becomes somebody else\u2019s', async () => {
    const { ada, eve } = scene;
    await grantAll();
    const mine = await ada.user.call(routes.createDrive, { body: { name: 'Mine' } });
    expect(kinds(await move(at.plans, { parentId: mine.rootId, toDrive: mine.drive }))).toEqual(['committed']);
    expect(await read(eve, at.report, mine.drive)).toMatchObject({ name: 'report.txt' });
    expect(await search(eve, { q: 'note' })).toEqual(['/moved/Deep/note.txt']);
    const theirs = await max.user.call(routes.createDrive, { body: { name: 'Theirs' } });
    await max.user.call(routes.putGrant, { params: { drive: theirs.drive, subject: ada.userId }, body: { role: 'editor' } });
    const away = operation('move', at.plans, { baseRev: 2, name: 'gone', parentId: theirs.rootId, toDrive: theirs.drive });
    const { drive, driveEpoch } = mine;
    expect(kinds(await forward(ada, { drive, driveEpoch, operations: [away] }))).toEqual(['committed']);
    await expect(read(eve, at.report, theirs.drive)).rejects.toEqual(problem('not_found'));
    expect([await granted(eve), await granted(max)]).toEqual([[], []]);
    const [left] = await scene.db.adminQuery<{ n: number }>('SELECT count(*)::int AS n FROM entry_grants WHERE tenant = $1', [
      scene.tenantId,
    ]);
    expect(left).toEqual({ n: 0 });
  });

  test('and become roles on the drive that a folder is made', async () => {
    const { ada, eve, drive } = scene;
    await grantAll();
    const from = { drive, entryId: at.plans, baseRev: 1, seenSeq: 6 } as never;
    const shared: Drive = await ada.user.call(routes.createDrive, { body: { from } });
    expect(await eve.user.call(routes.getDrive, { params: { drive: shared.drive } })).toMatchObject({ role: 'viewer' });
    expect(await granted(eve)).toEqual([]);
    expect(await granted(max)).toEqual([['note.txt', 'editor']]);
    expect(await read(max, at.note, shared.drive)).toMatchObject({ name: 'note.txt' });
    await expect(read(max, at.report, shared.drive)).rejects.toEqual(problem('not_found'));
  });
});
