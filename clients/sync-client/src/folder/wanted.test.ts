import { rmSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { temporaryFolder, waitFor } from '@driftbox/testkit';
import type { TemporaryFolder } from '@driftbox/testkit';
import { MemoryStore } from '../memory-store/memory-store.ts';
import { id, localRow, remoteEntry, rootId, syncedEntry } from '../testing/rows.ts';
import { Ignored } from './ignored.ts';
import { Selection } from './selected.ts';

let folder: TemporaryFolder;
beforeEach(async () => void (folder = await temporaryFolder()));
afterEach(() => folder.remove());

test('ignore files and further patterns decide together, and a changed file is read again', async () => {
  writeFileSync(`${folder.path}/.driftboxignore`, '*.tmp\n');
  const ignored = new Ignored(folder.path, ['build/']);
  expect([ignored.has('a.tmp', false), ignored.has('a', false), ignored.has('build', true), ignored.has('build/x', false)]).toEqual([
    true,
    false,
    true,
    true,
  ]);
  writeFileSync(`${folder.path}/.driftboxignore`, '*.log\n');
  await waitFor(() => ignored.has('a.log', false) && !ignored.has('a.tmp', false));
  rmSync(`${folder.path}/.driftboxignore`);
  await waitFor(() => !ignored.has('a.log', false));
  expect(ignored.has('build', true)).toBe(true);
});

test('a selection wants what is chosen, what is below, and the way there', () => {
  const store = new MemoryStore();
  const folderBody = { kind: 'folder' } as const;
  const rows: [number, string, number | undefined][] = [
    [1, 'photos', undefined],
    [2, '2026', 1],
    [3, 'may', 2],
    [4, '2025', 1],
    [5, 'music', undefined],
  ];
  for (const [n, name, parent] of rows) {
    const place = parent === undefined ? {} : { parentId: id(parent) };
    store.putRemote(remoteEntry(n, name, { body: folderBody, ...place }));
    store.putSynced(syncedEntry(n, name, { body: folderBody, ...place }));
  }
  const selection = new Selection(['photos/2026'], (path) => path === 'photos/2026/may', store);
  const wants = (n: number) => selection.has(store.remote.get(id(n))!);
  expect([1, 2, 3, 4, 5].map(wants)).toEqual([true, true, false, false, false]);
  store.putLocal(localRow(3, 'may', { parentId: id(2), body: folderBody }));
  expect(wants(3)).toBe(true);
  expect(selection.stopped(rootId).toSorted()).toEqual([id(4), id(5)]);
  expect(new Selection([], () => false, store).stopped(rootId)).toEqual([]);
});
