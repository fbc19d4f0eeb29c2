import type { RemoteEntry } from '@driftbox/sync-core';
import { expect, test } from '@jest/globals';
import { MemoryStore } from './memory-store/memory-store.ts';
import { observeRemote } from './observe-remote.ts';
import { CursorExpired, Offline, type ChangesPage } from './ports/server.ts';
import type { Surroundings } from './ports/surroundings.ts';
import { fileBody, id, remoteEntry, rootId, syncedEntry } from './testing/rows.ts';

type Page = Partial<ChangesPage> & Pick<ChangesPage, 'changes'>;

/** A server that answers these in turn, and what it was asked. */
function serving(store: MemoryStore, answers: readonly (Page | Error)[], below: readonly RemoteEntry[] = []) {
  const asked: (string | undefined)[] = [];
  const left = [...answers];
  const changes = async (after: string | undefined): Promise<ChangesPage> => {
    asked.push(after);
    const next = left.shift() ?? new Offline('nothing more was expected');
    if (next instanceof Error) throw next;
    return { nextCursor: `after ${asked.length}`, head: 9, more: false, epoch: 'first', ...next };
  };
  return {
    asked,
    observe: () => observeRemote({ store, server: { changes, below: async () => below }, rootId } as unknown as Surroundings),
  };
}

const change = (n: number, name: string, rev = 1) => ({ seq: n, entry: remoteEntry(n, name, { rev }) });

/** A device that has read of, and agreed on, the files 1 and 2 in the epoch `first`, up to the cursor `old`. */
function device(): MemoryStore {
  const store = new MemoryStore();
  for (const n of [1, 2]) {
    store.putRemote(remoteEntry(n, `file ${n}`));
    store.putSynced(syncedEntry(n, `file ${n}`));
  }
  store.putFact('cursor', 'old');
  store.putFact('epoch', 'first');
  return store;
}

test('after a refused cursor everything is listed anew, and what the list lacks is gone there, still agreed on here', async () => {
  const store = device();
  const { asked, observe } = serving(store, [
    new CursorExpired('too old'),
    { changes: [change(2, 'file 2')], more: true },
    { changes: [] },
  ]);
  await observe();
  expect(asked).toEqual(['old', undefined, 'after 2']);
  expect([store.remote.get(id(1)), store.remote.get(id(2))?.name]).toEqual([undefined, 'file 2']);
  expect([store.synced.get(id(1))?.name, store.synced.get(id(2))?.name]).toEqual(['file 1', 'file 2']);
  expect([store.fact('partial'), store.fact('cursor')]).toEqual([undefined, 'after 3']);
});

test('a list that breaks off counts as partial until it was read to its end, and is gone on with', async () => {
  const store = device();
  const broken = serving(store, [new CursorExpired('too old'), { changes: [change(1, 'file 1')], more: true }, new Offline('gone')]);
  await expect(broken.observe()).rejects.toThrow(Offline);
  expect(store.fact('partial')).toBe('yes');
  const { asked, observe } = serving(store, [{ changes: [change(2, 'file 2')] }]);
  await observe();
  expect(asked).toEqual(['after 2']);
  expect([store.remote.get(id(1))?.name, store.remote.get(id(2))?.name, store.fact('partial')]).toEqual(['file 1', 'file 2', undefined]);
});

test('in a restored drive nothing counts as agreed on but what is the same, or older there', async () => {
  const store = device();
  store.putSynced(syncedEntry(2, 'file 2', { rev: 3, body: fileBody(22) }));
  const { observe } = serving(store, [new CursorExpired('another epoch'), { changes: [change(2, 'file 2', 2)], epoch: 'second' }]);
  await observe();
  expect(store.fact('epoch')).toBe('second');
  expect(store.synced.get(id(1))).toBeUndefined();
  expect(store.synced.get(id(2))).toMatchObject({ rev: 2, body: fileBody(2) });
});

test('of a folder that may have come back everything below is read anew: what is not there now is gone', async () => {
  const store = device();
  const folder = { body: { kind: 'folder' }, rev: 1 } as const;
  store.putRemote(remoteEntry(3, 'folder', folder));
  for (const n of [4, 5]) store.putRemote(remoteEntry(n, `in it ${n}`, { parentId: id(3) }));
  const back = { seq: 8, entry: remoteEntry(3, 'folder', { ...folder, rev: 3 }) };
  const inIt = remoteEntry(5, 'still in it', { parentId: id(3), rev: 2 });
  await serving(store, [{ changes: [back] }], [inIt]).observe();
  expect([...store.remote.all()].map(({ name }) => name).sort()).toEqual(['file 1', 'file 2', 'folder', 'still in it']);
});

test('what the journal tells of in a folder that came back, and is gone again before that is read anew, is gone', async () => {
  const store = device();
  const folder = { body: { kind: 'folder' }, rev: 3 } as const;
  const back = { seq: 7, entry: remoteEntry(3, 'folder', folder) };
  const inIt = { seq: 8, entry: remoteEntry(5, 'in a folder of it', { parentId: id(4), rev: 2 }) };
  await serving(store, [{ changes: [back, inIt] }], []).observe();
  expect([...store.remote.all()].map(({ name }) => name).sort()).toEqual(['file 1', 'file 2', 'folder']);
});
