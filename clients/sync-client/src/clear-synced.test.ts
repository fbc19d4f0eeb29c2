import { expect, test } from '@jest/globals';
import { clearSynced } from './clear-synced.ts';
import { MemoryStore } from './memory-store/memory-store.ts';
import type { Disk, Stat } from './ports/disk.ts';
import { fileStat, id, listId, localRow, remoteEntry, rootId, syncedEntry } from './testing/rows.ts';

/** A folder of files by name, and what lies in its stash by id. */
function device(files: Record<string, Stat>, stash: Record<string, Stat> = {}) {
  const store = new MemoryStore();
  const disk = {
    stat: (path) => Promise.resolve(files[path]),
    stashed: () => Promise.resolve(Object.keys(stash).map((entryId) => id(Number(entryId)))),
    unstash: (entryId, to) => {
      const [n, stat] = Object.entries(stash).find(([one]) => id(Number(one)) === entryId)!;
      delete stash[n];
      files[to] = stat;
      return Promise.resolve({ outcome: 'done', stat });
    },
    read: (path) => Promise.resolve({ listId: listId(2), stat: files[path]! }),
    remove: (path) => (delete files[path], Promise.resolve({ outcome: 'done', stat: undefined })),
    flush: () => Promise.resolve(),
  } satisfies Partial<Disk>;
  return { store, clear: () => clearSynced(disk as unknown as Disk, store, rootId) };
}

test('only what is as it was agreed on goes; what may have changed is read first', async () => {
  const files = Object.fromEntries(['same', 'read', 'doubtful', 'edited', 'new'].map((name, n) => [name, fileStat(n + 1)]));
  const { store, clear } = device(files);
  for (const [n, name] of ['same', 'read', 'doubtful', 'edited'].entries()) {
    store.putLocal(localRow(n + 1, name, { trusted: n === 0 || n === 3 }));
    store.putSynced(syncedEntry(n + 1, name, n === 3 ? { body: syncedEntry(9, '').body } : {}));
  }
  await clear();
  expect(Object.keys(files)).toEqual(['doubtful', 'edited', 'new']);
});

test('what a pass had put out of the way comes back to where it belongs, and is judged there', async () => {
  const files: Record<string, Stat> = { taken: fileStat(7) };
  const stash = { 1: fileStat(1, { sizeBytes: 1 }), 2: fileStat(2, { sizeBytes: 2 }) };
  const { store, clear } = device(files, stash);
  const others = { body: syncedEntry(9, '').body };
  for (const [n, name, there] of [
    [1, 'was', {}],
    [2, 'taken', others],
  ] as const) {
    store.putLocal(localRow(n, name, { stat: stash[n] }));
    store.putSynced(syncedEntry(n, name, there));
    store.putRemote(remoteEntry(n, name, there));
  }
  await clear();
  expect([Object.keys(files).sort(), stash]).toEqual([['taken', 'taken (put back 1)'], {}]);
});
