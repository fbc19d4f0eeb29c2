import { randomUUID } from 'node:crypto';
import { beforeEach, expect, test } from '@jest/globals';
import { maxTags, routes, type Drive } from '@driftbox/protocol';
import type { Person } from './testing/door.ts';
import { knowUser } from './testing/know-user.ts';
import { chunk, problem, useScene, type Scene } from './testing/scene.ts';

let scene: Scene;
useScene((made) => {
  scene = made;
});

let report: string;
beforeEach(async () => {
  const { commit, db, file, folder, tenantId } = scene;
  for (const [name, { userId }] of Object.entries({ ada: scene.ada, eve: scene.eve })) await knowUser(db, tenantId, userId, name);
  const plans = folder('Plans');
  const made = file('Report.txt', [chunk('r')], { parentId: plans.entryId });
  await commit([plans, made]);
  report = made.entryId;
});

const put = (by: Person, entry: string, tag: string, value?: string, drive: string = scene.drive) =>
  by.user.call(routes.putTag, { params: { drive, entry, tag }, body: value === undefined ? {} : { value } });
const remove = (by: Person, entry: string, tag: string) => by.user.call(routes.removeTag, { params: { drive: scene.drive, entry, tag } });
const list = async (by: Person, entry: string, drive: string = scene.drive) =>
  (await by.user.call(routes.listTags, { params: { drive, entry } })).items.map(({ tag, value }) => [tag, value]);
const search = async (by: Person, query: Record<string, string>) =>
  (await by.user.call(routes.searchEntries, { query })).items.map(({ path }) => path);

test('a tag is set, changed and taken off; case and accents make no other one', async () => {
  const { ada } = scene;
  expect(await put(ada, report, ' Prüfen ')).toMatchObject({ tag: 'Prüfen', by: ada.userId });
  await put(ada, report, 'project', 'Apollo');
  expect(await put(ada, report, 'PRUFEN', 'bald')).toMatchObject({ tag: 'PRUFEN', value: 'bald' });
  expect(await list(ada, report)).toEqual([
    ['project', 'Apollo'],
    ['PRUFEN', 'bald'],
  ]);
  await remove(ada, report, 'prüfen');
  await remove(ada, report, 'prüfen');
  expect(await list(ada, report)).toEqual([['project', 'Apollo']]);
});

test('search finds by tag, by its value, and by a part of the path', async () => {
  const { ada, eve } = scene;
  await put(ada, report, 'project', 'Apollo');
  expect(await search(ada, { tag: 'Project' })).toEqual(['/Plans/Report.txt']);
  expect(await search(ada, { tag: 'project', tagValue: 'apollo', q: 'rep' })).toEqual(['/Plans/Report.txt']);
  expect(await search(ada, { tag: 'project', tagValue: 'gemini' })).toEqual([]);
  expect(await search(ada, { tag: 'other' })).toEqual([]);
  expect(await search(ada, { path: '/plans/' })).toEqual(['/Plans/Report.txt']);
  expect(await search(ada, { path: 'ans/rep' })).toEqual(['/Plans/Report.txt']);
  expect(await search(ada, { path: '/ans' })).toEqual([]);
  expect(await search(ada, { path: '/Pl%/' })).toEqual([]);
  expect(await search(eve, { tag: 'project' })).toEqual([]);
  await expect(search(ada, { tagValue: 'apollo' })).rejects.toEqual(problem('invalid_argument'));
});

test('tags are seen by who may read, and changed by who may write', async () => {
  const { ada, eve, inDrive } = scene;
  const { items } = await ada.user.call(routes.listChildren, { params: { ...inDrive().params, entry: scene.rootId } });
  const { entryId, rev } = items[0]!;
  const from = { drive: scene.drive, entryId, baseRev: rev, seenSeq: 2 };
  const shared: Drive = await ada.user.call(routes.createDrive, { body: { from } });
  const putShared = (by: Person, tag: string) => put(by, report, tag, undefined, shared.drive);
  await expect(putShared(eve, 'mine')).rejects.toEqual(problem('not_found'));
  await expect(list(eve, report, shared.drive)).rejects.toEqual(problem('not_found'));
  const grant = (role: 'viewer' | 'editor') =>
    ada.user.call(routes.putGrant, { params: { drive: shared.drive, subject: eve.userId }, body: { role } });
  await putShared(ada, 'ours');
  await grant('viewer');
  await expect(putShared(eve, 'mine')).rejects.toEqual(problem('permission_denied'));
  expect(await list(eve, report, shared.drive)).toEqual([['ours', undefined]]);
  expect(await search(eve, { tag: 'ours' })).toEqual(['/Report.txt']);
  await grant('editor');
  await putShared(eve, 'mine');
  expect(await list(ada, report, shared.drive)).toEqual([
    ['mine', undefined],
    ['ours', undefined],
  ]);
});

test('an entry has so many tags and no more, however many come at once; what is not there has none', async () => {
  const { ada, commit } = scene;
  const tries = await Promise.allSettled(Array.from({ length: maxTags + 6 }, (_, n) => put(ada, report, `tag ${n}`)));
  expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(maxTags);
  for (const one of tries) if (one.status === 'rejected') expect(one.reason).toEqual(problem('too_large'));
  const [[first]] = (await list(ada, report)) as [[string]];
  expect(await put(ada, report, first, 'another value')).toMatchObject({ value: 'another value' });
  for (const tag of ['a/b', 'a=b', 'a\nb', 'x'.repeat(65)])
    await expect(put(ada, report, tag)).rejects.toEqual(problem('invalid_argument'));
  await expect(put(ada, randomUUID(), 'x')).rejects.toEqual(problem('not_found'));
  await commit([{ op: 'delete', entryId: report, writeId: randomUUID(), baseRev: 1, seenSeq: 2 }]);
  await expect(put(ada, report, 'late')).rejects.toEqual(problem('not_found'));
  expect(await search(ada, { tag: first })).toEqual([]);
  await commit([{ op: 'purge', entryId: report, writeId: randomUUID() }]);
  await expect(list(ada, report)).rejects.toEqual(problem('not_found'));
  expect(await scene.db.adminQuery('SELECT count(*)::int AS left FROM entry_tags WHERE tenant = $1', [scene.tenantId])).toEqual([
    { left: 0 },
  ]);
});

test('a copy has the tags of its source, set by who copied, and a life of its own from then on', async () => {
  const { ada, commit, drive, rootId } = scene;
  await put(ada, report, 'project', 'Apollo');
  await put(ada, report, 'urgent');
  const [first, second] = [randomUUID(), randomUUID()];
  const copy = (entryId: string, from: string, name: string) => ({
    op: 'copy' as const,
    entryId,
    writeId: randomUUID(),
    parentId: rootId,
    name,
    from: { drive, entryId: from, rev: 1 },
  });
  const operation = copy(first, report, 'Copy.txt');
  expect((await commit([operation, copy(second, randomUUID(), 'None.txt')])).outcomes).toMatchObject([
    { outcome: 'committed' },
    { outcome: 'not_found' },
  ]);
  const both = [
    ['project', 'Apollo'],
    ['urgent', undefined],
  ];
  expect(await list(ada, first)).toEqual(both);
  await remove(ada, first, 'urgent');
  await put(ada, report, 'later');
  // A repeat of the write is answered, and brings nothing back.
  expect((await commit([operation])).outcomes).toMatchObject([{ outcome: 'committed' }]);
  expect(await list(ada, first)).toEqual(both.slice(0, 1));
});
