import { randomUUID } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { routes, type UndoneEntry } from '@driftbox/protocol';
import { chunk, kinds, pick, problem, useScene, type Scene } from './testing/scene.ts';

let scene: Scene;
useScene((made) => (scene = made));

const held = { code: 'locked', details: { reason: 'brake' } };

/** The tenant's brake holds who takes away more than two files within an hour. */
async function brakeAt(files: number, over: Record<string, unknown> = {}): Promise<void> {
  const { door, tenantId } = scene;
  const brake = { files, percent: 1, mostFiles: files, ...over };
  await door.admin.call(routes.putTenantInMetadata, { params: { tenant: tenantId }, body: { tenantId, name: 'Acme', hosts: [], brake } });
}

/** Six files in a folder, as a colleague's device left them an hour ago. */
async function sixFiles() {
  const { commit, folder, file, db, tenantId } = scene;
  const home = folder('papers');
  const files = [1, 2, 3, 4, 5, 6].map((n) => file(`paper ${n}`, [chunk(`paper ${n}`)], { parentId: home.entryId }));
  await commit([home, ...files]);
  await db.adminQuery(`UPDATE revisions SET device = $2, made_at = now() - interval '1 hour' WHERE tenant = $1`, [tenantId, randomUUID()]);
  await db.adminQuery('DELETE FROM device_activity WHERE tenant = $1', [tenantId]);
  return { home, files };
}

const rewrite = (entryId: string, text: string, baseRev = 1) => {
  const { name: _name, parentId: _parent, ...rest } = scene.file('', [chunk(text)]);
  return { ...rest, entryId, baseRev };
};
const remove = (entryId: string, seenSeq: number, baseRev = 1) => ({
  op: 'delete' as const,
  entryId,
  writeId: randomUUID(),
  baseRev,
  seenSeq,
});

/** Everything is undone, page by page, that Ada did without a device. */
async function undoAda(since: string, over: Record<string, unknown> = {}): Promise<UndoneEntry[]> {
  const { ada } = scene;
  const all: UndoneEntry[] = [];
  for (let cursor: string | undefined; ;) {
    const body = { deviceId: ada.userId, since, ...over, ...(cursor === undefined ? {} : { cursor }) };
    const page = await ada.user.call(routes.undoWork, { body });
    all.push(...page.items);
    cursor = page.nextCursor;
    if (cursor === undefined) return all;
  }
}

/** The folder's children by name. */
async function listing(folder: string) {
  const { items } = await scene.ada.user.call(routes.listChildren, scene.onEntry(folder));
  return items.map((item) => [item.name, item.kind === 'file' ? item.listId : item.kind]);
}

test('a device that rewrites improbably much is held with all its commits, told so once, and goes on when that is accepted', async () => {
  const { commit, ada, eve, db, tenantId } = scene;
  await brakeAt(2);
  const { files } = await sixFiles();
  const [a, b, c, d] = files.map(({ entryId }) => entryId) as [string, string, string, string];
  expect(kinds(await commit([rewrite(a, 'x'), rewrite(b, 'y')]))).toEqual(['committed', 'committed']);
  // The same file again, and new ones, are nothing that is taken away.
  expect(kinds(await commit([rewrite(a, 'xx', 2), scene.file('new', [chunk('new')])]))).toEqual(['committed', 'committed']);
  await expect(commit([rewrite(c, 'z')])).rejects.toMatchObject({ ...held, retryable: false });
  await expect(commit([scene.folder('anything else')])).rejects.toMatchObject(held);
  await expect(commit([rewrite(d, 'z')])).rejects.toMatchObject(held);
  const { drive: toDrive, rootId: parentId } = await ada.user.call(routes.createDrive, { body: { name: 'Elsewhere' } });
  const away = { op: 'move' as const, entryId: d, writeId: randomUUID(), parentId, name: 'd', baseRev: 1, toDrive };
  await expect(commit([away])).rejects.toMatchObject(held);
  const events = await db.adminQuery(`SELECT data FROM outbox WHERE tenant = $1 AND type = 'device.held'`, [tenantId]);
  expect(events).toMatchObject([{ data: { device: ada.userId, people: [ada.userId], files: 3, limitFiles: 2 } }]);

  expect((await eve.user.call(routes.listHeldDevices)).items).toEqual([]);
  const body = { deviceId: ada.userId };
  expect(await eve.user.call(routes.releaseDevice, { body })).toEqual({});
  expect((await ada.user.call(routes.listHeldDevices)).items).toMatchObject([{ deviceId: ada.userId, files: 3, limitFiles: 2 }]);
  await ada.user.call(routes.releaseDevice, { body });
  expect(kinds(await commit([rewrite(c, 'z'), rewrite(d, 'z')]))).toEqual(['committed', 'committed']);
  expect((await ada.user.call(routes.listHeldDevices)).items).toEqual([]);
});

test('deleting a folder counts for all that is in it, and a repeat of what was written is answered as it was', async () => {
  const { commit } = scene;
  await brakeAt(5);
  const { home, files } = await sixFiles();
  const first = rewrite(files[0]!.entryId, 'x');
  const { seq, outcomes } = await commit([first]);
  await expect(commit([remove(home.entryId, seq)])).rejects.toMatchObject(held);
  expect((await commit([first])).outcomes).toEqual(outcomes);
  expect((await listing(home.entryId)).length).toBe(6);
});

test('what was made since the window opened may go with its folder', async () => {
  const { commit, folder, file } = scene;
  await brakeAt(2);
  const { home } = await sixFiles();
  const { seq } = await commit([folder('opens the window')]);
  const build = folder('build');
  const made = [1, 2, 3, 4].map((n) => file(`out ${n}`, [chunk(`out ${n}`)], { parentId: build.entryId }));
  const { seq: seenSeq } = await commit([build, ...made]);
  expect(kinds(await commit([remove(build.entryId, seenSeq)]))).toEqual(['committed']);
  await expect(commit([remove(home.entryId, seq)])).rejects.toMatchObject(held);
});

test('a brake that is off holds nobody', async () => {
  await brakeAt(1, { on: false });
  const { home } = await sixFiles();
  expect(kinds(await scene.commit([remove(home.entryId, 1_000)]))).toEqual(['committed']);
});

test('all that a device did is undone by one operation, again and again to the same end, and what others did stays', async () => {
  const { commit, ada, eve, door, tenantId, drive, rootId, db } = scene;
  const { home, files } = await sixFiles();
  const ids = files.map(({ entryId }) => entryId);
  const before = await listing(home.entryId);
  const since = new Date(Date.now() - 60_000).toISOString();
  const renamed = { op: 'move' as const, entryId: ids[1]!, writeId: randomUUID(), parentId: home.entryId, name: 'x.locked', baseRev: 1 };
  const note = scene.file('READ ME', [chunk('ransom')]);
  const made = scene.folder('loot');
  const inside = { op: 'move' as const, entryId: note.entryId, writeId: randomUUID(), parentId: made.entryId, name: 'READ ME', baseRev: 1 };
  const stolen = { op: 'move' as const, entryId: ids[2]!, writeId: randomUUID(), parentId: made.entryId, name: 'loot', baseRev: 1 };
  const { seq } = await commit([
    rewrite(ids[0]!, 'x'),
    renamed,
    rewrite(ids[1]!, 'y', 2),
    note,
    made,
    stolen,
    inside,
    rewrite(ids[3]!, 'z'),
  ]);
  await commit([remove(ids[4]!, seq), remove(home.entryId, 1_000)]);
  // A colleague saved over what was rewritten, from a device.
  await db.adminQuery(`UPDATE revisions SET device = $2 WHERE tenant = $1 AND entry_id = $3 AND rev = 2`, [tenantId, randomUUID(), ids[3]]);

  const would = await undoAda(since, { dryRun: true });
  expect(await listing(rootId)).toEqual([['loot', 'folder']]);
  expect(would.length).toBe(7);
  expect((await undoAda(since)).filter(({ conflict }) => conflict !== undefined)).toEqual([]);
  const after = await listing(home.entryId);
  expect(after.filter(([name]) => name !== 'paper 4')).toEqual(before.filter(([name]) => name !== 'paper 4'));
  expect(after[3]![1]).toBe(pick(rewrite(ids[3]!, 'z') as never).listId);
  expect(await listing(rootId)).toEqual([['papers', 'folder']]);
  const { seq: end } = await ada.user.call(routes.getDrive, scene.inDrive());
  expect(await undoAda(since)).toEqual([]);
  expect((await ada.user.call(routes.getDrive, scene.inDrive())).seq).toBe(end);
  await expect(eve.user.call(routes.undoWork, { body: { deviceId: ada.userId, since, drive } })).rejects.toEqual(problem('not_found'));
  const cursor = Buffer.from('["nowhere", 1]').toString('base64url');
  await expect(undoAda(since, { cursor })).rejects.toEqual(problem('invalid_argument'));
  const reader = door.as(tenantId, ada.userId, 'member', 'read');
  await expect(reader.user.call(routes.undoWork, { body: { deviceId: ada.userId, since } })).rejects.toEqual(problem('permission_denied'));
});
