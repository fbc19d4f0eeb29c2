import { beforeEach, expect, test } from '@jest/globals';
import { Life } from './life.ts';
import { MemoryStore } from './memory-store/memory-store.ts';
import { observeLocal } from './observe-local.ts';
import { RootEmptied, type Disk, type Stat } from './ports/disk.ts';
import type { Surroundings } from './ports/surroundings.ts';
import { fileStat, id, localRow, remoteEntry, rootId, syncedEntry } from './testing/rows.ts';

let store: MemoryStore;
beforeEach(() => {
  store = new MemoryStore();
  for (const [n, name] of [
    [1, 'a'],
    [2, 'b'],
  ] as const) {
    store.putSynced(syncedEntry(n, name));
    store.putRemote(remoteEntry(n, name));
    store.putLocal(localRow(n, name));
  }
});

/** Looks at a folder in which there are these files. */
function observe(files: Readonly<Record<string, Stat>>, objection?: string): Promise<void> {
  const entries = Object.entries(files).map(([name, stat]) => ({ name, onDisk: name, stat }));
  const disk = {
    list: () => Promise.resolve({ entries, unusable: [] }),
    stat: (path) => Promise.resolve(files[path]),
  } satisfies Partial<Disk>;
  const names = { exact: true, keyOf: (name: string) => name, representable: () => true };
  const around = { store, disk, rootId, names, nowMs: () => 9_000_000, freshEntryId: () => id(9), ignored: () => false };
  return observeLocal(new Life({ ...around, objectionToEmpty: () => objection } as unknown as Surroundings));
}

const onDisk = () => [...store.local.all()].map(({ entryId }) => entryId);

test('nothing is concluded from a folder that is suddenly empty, until a person says so', async () => {
  await expect(observe({}, 'it is empty')).rejects.toThrow(RootEmptied);
  expect(onDisk()).toEqual([id(1), id(2)]);
  await observe({});
  expect(onDisk()).toEqual([]);
});

test('one of several files that is missing is gone', async () => {
  await observe({ b: fileStat(2) }, 'it is empty');
  expect(onDisk()).toEqual([id(2)]);
});

test('the last file may go that the server has no more, or never had', async () => {
  store.dropRemote(id(1));
  store.dropSynced(id(2));
  await observe({}, 'it is empty');
  expect(onDisk()).toEqual([]);
});
