import { randomUUID } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { buildChunkList } from '@driftbox/domain';
import { routes } from '@driftbox/protocol';
import { sha256 } from './operation.ts';
import { chunk, pick, kinds, problem, mtime, useScene, type Scene } from './testing/scene.ts';

let { ada, drive, rootId, inDrive, onEntry, folder, file, commit } = {} as Scene;
useScene((scene) => {
  ({ ada, drive, rootId, inDrive, onEntry, folder, file, commit } = scene);
});

describe('a tree', () => {
  test('is listed by name, from above, by path, and each way up', async () => {
    const a = folder('a');
    const b = folder('b', a.entryId);
    const f = file('z.txt', [chunk('z')], { parentId: b.entryId });
    expect(kinds(await commit([a, b, f, file('m', [], { listId: buildChunkList([], sha256).listId })]))).toEqual([
      'committed',
      'committed',
      'committed',
      'committed',
    ]);
    const top = await ada.user.call(routes.listChildren, { ...onEntry(rootId), query: { limit: 1 } });
    expect(top.items.map(({ name }) => name)).toEqual(['a']);
    const rest = await ada.user.call(routes.listChildren, { ...onEntry(rootId), query: { limit: 1, cursor: top.nextCursor } });
    expect(rest.items.map(({ name }) => name)).toEqual(['m']);
    const below: string[] = [];
    for (let cursor: string | undefined, turn = 0; turn === 0 || cursor !== undefined; turn += 1) {
      const page = await ada.user.call(routes.listDescendants, { ...onEntry(rootId), query: { limit: 1, cursor } });
      below.push(...page.items.map(({ name }) => name));
      cursor = page.nextCursor;
    }
    expect(below.toSorted()).toEqual(['a', 'b', 'm', 'z.txt']);
    expect(below.indexOf('b')).toBeGreaterThan(below.indexOf('a'));
    expect(below.at(-1)).toBe('z.txt');
    expect(await ada.user.call(routes.resolvePath, { ...inDrive(), query: { path: '/a/b/z.txt' } })).toMatchObject({
      entryId: f.entryId,
      kind: 'file',
      chunks: f.chunkList,
      mtime,
    });
    expect((await ada.user.call(routes.getEntryPath, onEntry(f.entryId))).path).toBe('/a/b/z.txt');
    await expect(ada.user.call(routes.resolvePath, { ...inDrive(), query: { path: '/a/../a' } })).rejects.toEqual(
      problem('invalid_argument'),
    );
    await expect(ada.user.call(routes.listChildren, onEntry(f.entryId))).rejects.toEqual(problem('not_found'));
  });

  test('takes Unicode look-alikes for one name, and refuses what is no name', async () => {
    const outcomes = await commit([
      folder('e\u0301'),
      folder('\u00e9'),
      folder('..'),
      folder('a/b'),
      folder('x'.repeat(256)),
      folder('nul\0'),
    ]);
    expect(kinds(outcomes)).toEqual([
      'committed',
      'name_taken',
      'invalid_argument',
      'invalid_argument',
      'invalid_argument',
      'invalid_argument',
    ]);
    expect(await ada.user.call(routes.resolvePath, { ...inDrive(), query: { path: '/e\u0301' } })).toMatchObject({ name: '\u00e9' });
  });

  test('swaps two names in one commit', async () => {
    const [a, b] = [folder('a'), folder('b')];
    await commit([a, b]);
    const move = (entryId: string, name: string, baseRev: number) => ({
      op: 'move' as const,
      entryId,
      writeId: randomUUID(),
      parentId: rootId,
      name,
      baseRev,
    });
    expect(kinds(await commit([move(a.entryId, 'tmp', 1), move(b.entryId, 'a', 1), move(a.entryId, 'b', 2)]))).toEqual([
      'committed',
      'committed',
      'committed',
    ]);
    expect(await ada.user.call(routes.resolvePath, { ...inDrive(), query: { path: '/b' } })).toMatchObject({ entryId: a.entryId, rev: 3 });
  });

  test('as it was is read from its revisions', async () => {
    const d = folder('d');
    const f = file('f', [chunk('one')], { parentId: d.entryId });
    await commit([d, f]);
    const second = { ...f, writeId: randomUUID(), baseRev: 1, ...pick(file('f', [chunk('two', 7)])) };
    await commit([second, { op: 'move', entryId: f.entryId, writeId: randomUUID(), parentId: rootId, name: 'g', baseRev: 2 }]);
    await commit([{ op: 'delete', entryId: d.entryId, writeId: randomUUID(), baseRev: 1, seenSeq: 4 }]);
    const at = (seq: number, entry: string) => ({ params: { drive, seq, entry } });
    expect(await ada.user.call(routes.getEntryAt, at(2, f.entryId))).toMatchObject({ rev: 1, name: 'f', parentId: d.entryId });
    expect((await ada.user.call(routes.listChildrenAt, at(3, d.entryId))).items).toMatchObject([{ rev: 2, sizeBytes: 7 }]);
    expect((await ada.user.call(routes.listChildrenAt, at(4, rootId))).items.map(({ name }) => name)).toEqual(['d', 'g']);
    expect((await ada.user.call(routes.listChildrenAt, at(5, rootId))).items.map(({ name }) => name)).toEqual(['g']);
    for (const asked of [at(1, f.entryId), at(5, d.entryId), at(99, f.entryId)])
      await expect(ada.user.call(routes.getEntryAt, asked)).rejects.toEqual(problem('not_found'));
    const revisions = await ada.user.call(routes.listRevisions, { ...onEntry(f.entryId), query: { limit: 2 } });
    expect(revisions.items.map(({ rev }) => rev)).toEqual([3, 2]);
    expect(await ada.upload.call(routes.locateContent, { ...onEntry(f.entryId), query: { rev: 1 } })).toMatchObject({
      rev: 1,
      chunks: [chunk('one')],
    });
  });

  test('goes to the trash and comes back', async () => {
    const d = folder('d');
    const f = file('f', [chunk('f')], { parentId: d.entryId });
    await commit([d, f]);
    expect(kinds(await commit([{ op: 'delete', entryId: d.entryId, writeId: randomUUID(), baseRev: 1, seenSeq: 1 }]))).toEqual([
      'revision_conflict',
    ]);
    expect(kinds(await commit([{ op: 'delete', entryId: d.entryId, writeId: randomUUID(), baseRev: 1, seenSeq: 2 }]))).toEqual([
      'committed',
    ]);
    expect((await ada.user.call(routes.listTrash, inDrive())).items).toMatchObject([{ entryId: d.entryId, trashedAt: expect.any(String) }]);
    expect((await ada.user.call(routes.getUsage)).user).toMatchObject({ current: 0, trash: 10 });
    expect(kinds(await commit([{ op: 'untrash', entryId: d.entryId, writeId: randomUUID() }]))).toEqual(['committed']);
    expect((await ada.user.call(routes.listDescendants, onEntry(d.entryId))).items).toHaveLength(1);
  });
});
