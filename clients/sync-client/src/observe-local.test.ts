import type { DriveId } from '@driftbox/domain';
import { beforeEach, expect, test } from '@jest/globals';
import { Life } from './life.ts';
import { MemoryStore } from './memory-store/memory-store.ts';
import { observeLocal } from './observe-local.ts';
import { RootEmptied, RootUnreadable, type Disk, type Stat } from './ports/disk.ts';
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

let nowMs = 9_000_000;

/** Looks at a folder in which there are these files and folders, of which none can be read. */
function observe(files: Readonly<Record<string, Stat>>, objection?: string): Promise<void> {
  return observeLocal(lifeIn(files, objection));
}

function lifeIn(files: Readonly<Record<string, Stat>>, objection?: string): Life {
  const entries = Object.entries(files).map(([name, stat]) => ({ name, onDisk: name, stat }));
  const disk = {
    list: (path) => Promise.resolve(path === '' ? { entries, unusable: [] } : { failed: 'permission denied' }),
    stat: (path) => Promise.resolve(files[path]),
  } satisfies Partial<Disk>;
  const names = { exact: true, keyOf: (name: string) => name, representable: () => true };
  const around = { store, disk, rootId, names, nowMs: () => nowMs, freshEntryId: () => id(9), ignored: () => false };
  return new Life({ ...around, objectionToEmpty: () => objection } as unknown as Surroundings);
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

test('a shared drive is not given up for a minute while it may be where nothing can be read, though its place is taken', async () => {
  const folder = (n: number) => fileStat(n, { kind: 'folder' });
  store.putLocal(localRow(3, 'team', { body: { kind: 'mount', drive: 'd' as DriveId, rootId: id(4) }, stat: folder(3) }));
  store.putLocal(localRow(5, 'locked', { body: { kind: 'folder' }, stat: folder(5) }));
  const life = lifeIn({ a: fileStat(1), b: fileStat(2), team: fileStat(6), locked: folder(5) });
  await expect(observeLocal(life)).rejects.toThrow(RootUnreadable);
  expect(onDisk()).toContain(id(3));
  nowMs += 60_001;
  await observeLocal(life);
  expect(onDisk()).not.toContain(id(3));
});
