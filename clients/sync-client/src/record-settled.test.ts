import { beforeEach, describe, expect, test } from '@jest/globals';
import type { EntryId, Outcome, WriteId } from '@driftbox/domain';
import { reconcile, type RemoteOperation } from '@driftbox/sync-core';
import { Life } from './life.ts';
import { MemoryStore } from './memory-store/memory-store.ts';
import type { Surroundings } from './ports/surroundings.ts';
import { replaceUsedIds } from './re-id.ts';
import { recordSettled } from './record-settled.ts';
import { fileStat, id, localRow, remoteEntry, rootId, syncedEntry } from './testing/rows.ts';

const [folder, inside, moved, deep] = [id(1), id(2), id(3), id(4)];
const isFolder = { body: { kind: 'folder' } } as const;
let store: MemoryStore;
let life: Life;

beforeEach(() => {
  store = new MemoryStore();
  life = new Life({ store, rootId, nowMs: () => 9_000_000 } as unknown as Surroundings);
  store.putFact('seq', '7');
});

function settle(operation: RemoteOperation, outcome: Outcome): void {
  const pending = { writeId: 'write' as WriteId, operation, seenSeq: 7 };
  store.transaction(() => recordSettled(life, pending, { result: 'answered', outcome }, 0));
}

/** What the planner makes of what is known now. */
function plan() {
  const names = { exact: true, keyOf: (name: string) => name, representable: () => true };
  const { synced, local, remote } = store;
  const what = { rootId, synced, local, remote, names, device: 'd', date: '2026-11-28', selected: () => true };
  return reconcile({ ...what, changed: store.changed() });
}

const idsIn = (tree: { all(): Iterable<{ readonly entryId: EntryId }> }) => [...tree.all()].map(({ entryId }) => entryId);

describe('a folder delete that is committed', () => {
  const deletion: RemoteOperation = { op: 'delete', entryId: folder, baseRev: 1 };
  const committed: Outcome = { outcome: 'committed', entryId: folder, rev: 2, seq: 8 };

  beforeEach(() => {
    const all = [
      syncedEntry(1, 'folder', isFolder),
      syncedEntry(2, 'inside', { parentId: folder }),
      syncedEntry(3, 'moved', { parentId: folder, ...isFolder }),
      syncedEntry(4, 'deep', { parentId: moved }),
    ];
    for (const entry of all) store.putSynced(entry);
    for (const entry of all) store.putRemote(entry);
    // Moved out here, and the move was refused: the delete took both along.
    store.putLocal(localRow(3, 'moved', { ...isFolder, stat: fileStat(3, { kind: 'folder' }) }));
    store.putLocal(localRow(4, 'deep', { parentId: moved }));
  });

  test('takes along what was in it, but for what is still on disk, which is not new', () => {
    settle(deletion, committed);
    expect(idsIn(store.synced)).toEqual([moved, deep]);
    expect(idsIn(store.remote)).toEqual([]);
    expect(plan().local.map(({ op, entryId }) => [op, entryId])).toContainEqual(['renew', moved]);
    expect(plan().remote).toEqual([]);
  });

  test('also when others did something in between, and the journal has yet to tell', () => {
    settle(deletion, { ...committed, rev: 4, seq: 12 });
    expect(idsIn(store.synced)).toEqual([moved, deep]);
    expect(store.fact('partial')).toBe('yes');
  });

  test('a child that its deleter had not seen, on disk under an id that the server has used: it goes up under another one', () => {
    // Known here as new alone: that it was created is what nobody told.
    store.putLocal(localRow(5, 'unseen', { parentId: moved }));
    settle(deletion, committed);
    settle({ op: 'putFile', entryId: id(5), baseRev: null, place: { parentId: moved, name: 'unseen' } }, { outcome: 'already_exists' });
    replaceUsedIds(store, life.usedIds, () => id(50));
    expect(store.local.get(id(5))).toBeUndefined();
    expect(store.local.get(id(50))?.name).toBe('unseen');
    expect(life.usedIds.size).toBe(0);
  });
});

describe('an id that the server says is used', () => {
  const create: RemoteOperation = { op: 'createFolder', entryId: folder, parentId: rootId, name: 'folder' };

  beforeEach(() => {
    store.putLocal(localRow(1, 'folder', { ...isFolder, stat: fileStat(1, { kind: 'folder' }) }));
    store.putLocal(localRow(2, 'inside', { parentId: folder }));
    settle(create, { outcome: 'already_exists' });
  });

  test('is replaced, and what lies in the folder follows', () => {
    replaceUsedIds(store, life.usedIds, () => id(50));
    expect(store.local.get(id(50))?.name).toBe('folder');
    expect(store.local.get(inside)?.parentId).toBe(id(50));
    expect(plan().remote.map(({ op, entryId }) => [op, entryId])).toEqual([
      ['createFolder', id(50)],
      ['putFile', inside],
    ]);
  });

  test('is kept where the journal tells by then that it is this very entry', () => {
    store.putRemote(remoteEntry(1, 'folder', isFolder));
    replaceUsedIds(store, life.usedIds, () => id(50));
    expect(store.local.get(folder)?.name).toBe('folder');
  });
});
