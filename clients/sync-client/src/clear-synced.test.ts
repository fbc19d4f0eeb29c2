import { expect, test } from '@jest/globals';
import { clearSynced } from './clear-synced.ts';
import { MemoryStore } from './memory-store/memory-store.ts';
import type { Disk, Stat } from './ports/disk.ts';
import { CursorExpired, Offline, Unseen, type Server } from './ports/server.ts';
import { fileStat, id, listId, localRow, remoteEntry, rootId, syncedEntry } from './testing/rows.ts';

/** A folder of files by name, and what lies in its stash by id. Its drive may not be seen any longer, unless it answers. */
function device(files: Record<string, Stat>, stash: Record<string, Stat> = {}, failing = '', changes = unseen, nowMs = 1e12) {
  const store = new MemoryStore();
  const listed = () => Object.entries(files).map(([name, stat]) => ({ name, onDisk: name, stat }));
  const disk = {
    list: () => Promise.resolve({ entries: listed(), unusable: [] }),
    stat: (path) => Promise.resolve(files[path]),
    stashed: () => Promise.resolve(Object.keys(stash).map((entryId) => id(Number(entryId)))),
    unstash: (entryId, to) => {
      const [n, stat] = Object.entries(stash).find(([one]) => id(Number(one)) === entryId)!;
      delete stash[n];
      files[to] = stat;
      return Promise.resolve({ outcome: 'done', stat });
    },
    read: (path) => Promise.resolve({ listId: listId(2), stat: files[path]! }),
    remove: (path) => {
      if (path === failing) return Promise.resolve({ outcome: 'failed', reason: 'the disk would not', retryable: true });
      delete files[path];
      return Promise.resolve({ outcome: 'done', stat: undefined });
    },
    flush: () => Promise.resolve(),
  } satisfies Partial<Disk>;
  const around = { disk: disk as unknown as Disk, store, server: { changes } as unknown as Server, rootId, nowMs: () => nowMs };
  return { store, clear: () => clearSynced(around) };
}

const unseen: Server['changes'] = () => Promise.reject(new Unseen('no such drive'));

test('only what is as it was agreed on goes; what may have changed is read first', async () => {
  const seen = (n: number) => fileStat(n, { sizeBytes: n });
  const files = Object.fromEntries(['same', 'read', 'doubtful', 'edited', 'new'].map((name, n) => [name, seen(n + 1)]));
  const { store, clear } = device(files);
  for (const [n, name] of ['same', 'read', 'doubtful', 'edited'].entries()) {
    store.putLocal(localRow(n + 1, name, { trusted: n === 0 || n === 3, stat: seen(n + 1) }));
    store.putSynced(syncedEntry(n + 1, name, n === 3 ? { body: syncedEntry(9, '').body } : {}));
  }
  await clear();
  expect(Object.keys(files)).toEqual(['doubtful', 'edited', 'new']);
});

test('what was saved a moment ago stays for another time, even if the drive has the same', async () => {
  const files = { fresh: fileStat(2, { sizeBytes: 2, mtimeMs: 5_000 }), old: fileStat(3, { sizeBytes: 2, mtimeMs: 1_000 }) };
  const { store, clear } = device(files, {}, '', unseen, 5_900);
  store.putSynced(syncedEntry(2, 'elsewhere'));
  expect(await clear()).toEqual({ failed: 'fresh was saved a moment ago', againMs: 6_001 });
  expect(Object.keys(files)).toEqual(['fresh']);
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

test('what the drive has goes wherever it is, and under whatever name; what is left says why', async () => {
  const files = { renamed: fileStat(1), copied: fileStat(8, { sizeBytes: 2 }), own: fileStat(9, { sizeBytes: 3 }), stuck: fileStat(4) };
  const { store, clear } = device(files, {}, 'stuck');
  for (const [n, name] of [
    [1, 'was'],
    [4, 'stuck'],
  ] as const) {
    store.putLocal(localRow(n, name));
    store.putSynced(syncedEntry(n, name));
  }
  store.putRemote(remoteEntry(2, 'placed, and not recorded'));
  expect(await clear()).toEqual({ failed: 'the disk would not' });
  expect(Object.keys(files)).toEqual(['own', 'stuck']);
});

test('a drive that was restored meanwhile is read first: what it forgot stays', async () => {
  const files = { forgotten: fileStat(1), kept: fileStat(2) };
  const { store, clear } = device(files, {}, '', async (after) => {
    if (after !== undefined) throw new CursorExpired('another epoch');
    return { changes: [{ seq: 1, entry: remoteEntry(2, 'kept') }], nextCursor: '1', head: 1, more: false, epoch: 'restored' };
  });
  store.putFact('epoch', 'first');
  store.putFact('cursor', '9');
  for (const [n, name] of [
    [1, 'forgotten'],
    [2, 'kept'],
  ] as const) {
    store.putLocal(localRow(n, name));
    store.putSynced(syncedEntry(n, name));
    store.putRemote(remoteEntry(n, name));
  }
  await clear();
  expect(Object.keys(files)).toEqual(['forgotten']);
});

test('while the drive cannot be asked, nothing goes', async () => {
  const files = { same: fileStat(1) };
  const { store, clear } = device(files, {}, '', () => Promise.reject(new Offline('no answer')));
  store.putFact('epoch', 'first');
  store.putLocal(localRow(1, 'same'));
  store.putSynced(syncedEntry(1, 'same'));
  await expect(clear()).rejects.toThrow('no answer');
  expect(Object.keys(files)).toEqual(['same']);
});
