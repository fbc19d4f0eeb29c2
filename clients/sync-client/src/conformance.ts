import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { PendingOperation } from './ports/server.ts';
import type { LocalRow, Store } from './ports/store.ts';
import { fileBody, fileStat, id, listId, localRow, pendingMove, remoteEntry, rootId, syncedEntry } from './testing/rows.ts';

/** A store to be tried, empty; `restart` answers what a process finds after this one was killed; `dispose` ends it. */
export type StoreUnderTest = { readonly store: Store; readonly restart: () => Store; readonly dispose?: () => void };

/** What every `Store` promises. A new implementation's own test needs only this call. */
export function describeStore(name: string, make: () => StoreUnderTest): void {
  describe(name, () => {
    let held: StoreUnderTest;
    let store: Store;
    beforeEach(() => {
      held = make();
      store = held.store;
    });
    afterEach(() => held.dispose?.());

    const folder = (n: number, at: string) => localRow(n, at, { body: { kind: 'folder' }, stat: fileStat(n, { kind: 'folder' }) });
    const names = (rows: Iterable<{ readonly name: string }>) => [...rows].map((row) => row.name).toSorted();

    describe('trees', () => {
      test('answer whole what was put, by id, by place and by folder', () => {
        const link = { kind: 'symlink', target: '../b' } as const;
        const row = localRow(1, 'a\u{e9}', { onDisk: 'ae\u{301}', unreadable: 'no permission', trusted: false });
        const linkRow = localRow(3, 'l', { body: link, stat: fileStat(3, { kind: 'symlink', target: '../b' }) });
        for (const one of [row, folder(2, 'd'), linkRow]) store.putLocal(one);
        store.putSynced(syncedEntry(1, 'a\u{e9}', { rev: 12 }));
        store.putRemote(remoteEntry(1, 'b', { body: fileBody(9, { mtimeMs: -1, executable: true, sizeBytes: 2 ** 42 }) }));
        const reopened = held.restart();
        expect(reopened.local.get(id(1))).toEqual(row);
        expect(reopened.local.childAt(rootId, 'a\u{e9}')).toEqual(row);
        expect(reopened.local.get(id(3))).toEqual(linkRow);
        expect(reopened.local.get(id(2))?.body).toEqual({ kind: 'folder' });
        expect(reopened.synced.get(id(1))).toEqual(syncedEntry(1, 'a\u{e9}', { rev: 12 }));
        expect(reopened.remote.childAt(rootId, 'b')?.body).toEqual(fileBody(9, { mtimeMs: -1, executable: true, sizeBytes: 2 ** 42 }));
        expect(names(reopened.local.childrenOf(rootId))).toEqual(['a\u{e9}', 'd', 'l']);
      });

      test('answer nothing of what is not there', () => {
        expect([store.local.get(id(1)), store.remote.childAt(rootId, 'a'), ...store.synced.childrenOf(rootId)]).toEqual([
          undefined,
          undefined,
        ]);
        for (const drop of [store.dropLocal, store.dropRemote, store.dropSynced]) drop.call(store, id(1));
        expect(store.changed()).toEqual([]);
      });

      test('a content that is not known stays unknown', () => {
        store.putLocal(localRow(1, 'a', { body: fileBody(1, { listId: undefined }) }));
        expect(held.restart().local.get(id(1))?.body).toEqual(fileBody(1, { listId: undefined }));
      });

      test('an entry that moved is in one place, and one that was dropped in none', () => {
        store.putLocal(folder(2, 'd'));
        store.putLocal(localRow(1, 'a'));
        store.putLocal(localRow(1, 'b', { parentId: id(2) }));
        expect(store.local.childAt(rootId, 'a')).toBeUndefined();
        expect(store.local.childAt(id(2), 'b')?.entryId).toBe(id(1));
        expect(names(store.local.childrenOf(rootId))).toEqual(['d']);
        store.dropLocal(id(1));
        expect(names(store.local.childrenOf(id(2)))).toEqual([]);
      });

      test('what a folder holds stays when the folder is dropped', () => {
        store.putRemote(remoteEntry(2, 'd', { body: { kind: 'folder' } }));
        store.putRemote(remoteEntry(1, 'a', { parentId: id(2) }));
        store.dropRemote(id(2));
        expect(store.remote.childAt(id(2), 'a')?.entryId).toBe(id(1));
      });

      test('two entries may swap places one after the other', () => {
        store.putRemote(remoteEntry(1, 'a'));
        store.putRemote(remoteEntry(2, 'b'));
        store.putRemote(remoteEntry(1, 'b'));
        expect([id(1), id(2)]).toContain(store.remote.childAt(rootId, 'b')?.entryId);
        store.putRemote(remoteEntry(2, 'a'));
        expect(store.remote.childAt(rootId, 'a')?.entryId).toBe(id(2));
        expect(store.remote.childAt(rootId, 'b')?.entryId).toBe(id(1));
      });

      test('one of two at a place is found when the other is dropped', () => {
        store.putRemote(remoteEntry(1, 'a'));
        store.putRemote(remoteEntry(2, 'a'));
        store.dropRemote(id(2));
        expect(store.remote.childAt(rootId, 'a')?.entryId).toBe(id(1));
      });

      test('strays are in a folder that the remote tree does not have', () => {
        store.putRemote(remoteEntry(1, 'top'));
        store.putRemote(remoteEntry(2, 'd', { parentId: id(9), body: { kind: 'folder' } }));
        store.putRemote(remoteEntry(3, 'in d', { parentId: id(2) }));
        expect(store.strays(rootId)).toEqual([id(2)]);
        store.dropRemote(id(2));
        expect(store.strays(rootId)).toEqual([id(3)]);
      });

      test('the remote tree is forgotten at once, the others are not', () => {
        for (const n of [1, 2, 3]) store.putRemote(remoteEntry(n, `n${n}`));
        store.putSynced(syncedEntry(1, 'n1'));
        store.clearRemote();
        expect([...held.restart().remote.childrenOf(rootId)]).toEqual([]);
        expect(store.synced.get(id(1))).toBeDefined();
        expect(store.changed()).toEqual([id(1)]);
      });
    });

    describe('identities', () => {
      test('lead to the entry that has them now', () => {
        store.putLocal(localRow(1, 'a'));
        expect(store.localByIdentity('inode 1')?.entryId).toBe(id(1));
        store.putLocal(localRow(1, 'a', { stat: fileStat(7) }));
        expect(store.localByIdentity('inode 1')).toBeUndefined();
        expect(held.restart().localByIdentity('inode 7')?.entryId).toBe(id(1));
        store.dropLocal(id(1));
        expect(store.localByIdentity('inode 7')).toBeUndefined();
      });

      test('of hard links lead to one of them, and to the other when that is gone', () => {
        store.putLocal(localRow(1, 'a'));
        store.putLocal(localRow(2, 'b', { stat: fileStat(1) }));
        expect([id(1), id(2)]).toContain(store.localByIdentity('inode 1')?.entryId);
        store.dropLocal(id(2));
        expect(store.localByIdentity('inode 1')?.entryId).toBe(id(1));
      });
    });

    describe('changed', () => {
      const row = localRow(1, 'n', { body: fileBody(1) });
      const agreed = () => {
        store.putSynced(syncedEntry(1, 'n'));
        store.putLocal(row);
        store.putRemote(remoteEntry(1, 'n'));
      };

      test('names nothing where all three are the same', () => {
        agreed();
        expect(held.restart().changed()).toEqual([]);
      });

      test.each<[string, () => void]>([
        ['a local edit', () => store.putLocal({ ...row, body: fileBody(2) })],
        ['local content that is not known', () => store.putLocal({ ...row, body: fileBody(1, { listId: undefined }) })],
        ['a local time', () => store.putLocal({ ...row, body: fileBody(1, { mtimeMs: 5 }) })],
        ['a local name', () => store.putLocal({ ...row, name: 'm' })],
        ['a local folder', () => store.putLocal({ ...row, parentId: id(9) })],
        ['something unreadable', () => store.putLocal({ ...row, unreadable: 'why' })],
        ['a local end', () => store.dropLocal(id(1))],
        ['a remote edit', () => store.putRemote(remoteEntry(1, 'n', { body: fileBody(1, { executable: true }) }))],
        ['a remote revision', () => store.putRemote(remoteEntry(1, 'n', { rev: 2 }))],
        ['a remote name', () => store.putRemote(remoteEntry(1, 'm'))],
        ['a remote end', () => store.dropRemote(id(1))],
        ['nothing agreed on', () => store.dropSynced(id(1))],
      ])('names %s, until it is undone', (_what, change) => {
        agreed();
        change();
        expect(held.restart().changed()).toEqual([id(1)]);
        agreed();
        expect(store.changed()).toEqual([]);
      });
    });

    test('the first provisional agreement of an entry stands until it is dropped', () => {
      const first = { entryId: id(1), before: syncedEntry(1, 'a', { rev: 4 }) };
      store.keepProvisional(first);
      store.keepProvisional({ entryId: id(2), before: undefined });
      store.keepProvisional({ entryId: id(1), before: syncedEntry(1, 'b') });
      expect(held.restart().provisional()).toHaveLength(2);
      expect(held.restart().provisional()).toEqual(expect.arrayContaining([first, { entryId: id(2), before: undefined }]));
      store.dropProvisional([id(1), id(9)]);
      store.keepProvisional({ entryId: id(1), before: undefined });
      store.dropProvisional([id(2)]);
      expect(store.provisional()).toEqual([{ entryId: id(1), before: undefined }]);
    });

    describe('unsettled operations', () => {
      const put = (n: number): PendingOperation => {
        const operation = { op: 'putFile', entryId: id(n), baseRev: null, place: { parentId: rootId, name: 'f' } } as const;
        return { ...pendingMove(n), operation, source: { path: 'f', stat: fileStat(n) } };
      };

      test('come back in order, whole, until they are dropped', () => {
        store.keepPending([pendingMove(3), put(1)]);
        store.keepPending([pendingMove(2)]);
        expect(held.restart().pending()).toEqual([pendingMove(3), put(1), pendingMove(2)]);
        store.dropPending([put(1).writeId, pendingMove(9).writeId]);
        expect(store.pending()).toEqual([pendingMove(3), pendingMove(2)]);
      });

      test('those that may still arrive are found, all and by entry, for as long as they may', () => {
        const late = (n: number, over: Partial<PendingOperation> = {}): PendingOperation => ({ ...put(n), mayArrive: true, ...over });
        const second = late(1, { writeId: pendingMove(8).writeId });
        store.keepPending([put(2), late(1), pendingMove(3), second, late(4)]);
        for (const one of [store, held.restart()]) {
          expect(one.late()).toEqual([late(1), second, late(4)]);
          expect([one.late(id(1)), one.late(id(2)), one.late(id(9))]).toEqual([[late(1), second], [], []]);
        }
        store.keepPending([put(1), { ...put(2), mayArrive: true }]);
        store.dropPending([late(4).writeId]);
        expect(store.late()).toEqual([late(2), second]);
      });

      test('one that is kept again is replaced where it stands', () => {
        store.keepPending([put(1), pendingMove(2)]);
        const stat = fileStat(1);
        const sent = { ...put(1), content: { listId: listId(4), sizeBytes: 5, mtimeMs: 1, executable: true, stat } };
        store.keepPending([sent]);
        expect(held.restart().pending()).toEqual([sent, pendingMove(2)]);
      });
    });

    describe('transactions', () => {
      test('answer what their work answers, and keep everything', () => {
        expect(store.transaction(() => (store.putFact('cursor', 'c'), 5))).toBe(5);
        expect(held.restart().fact('cursor')).toBe('c');
      });

      test('that throw leave nothing behind', () => {
        const before: LocalRow = localRow(1, 'a');
        store.putLocal(before);
        store.putRemote(remoteEntry(1, 'a'));
        store.keepPending([pendingMove(1)]);
        store.putFact('cursor', 'c');
        store.keepProvisional({ entryId: id(3), before: undefined });
        const work = () => {
          store.putLocal(localRow(1, 'b', { stat: fileStat(8) }));
          store.putLocal(localRow(2, 'a'));
          store.clearRemote();
          store.putSynced(syncedEntry(5, 'x'));
          store.dropPending([pendingMove(1).writeId]);
          store.keepPending([pendingMove(2)]);
          store.putFact('cursor', undefined);
          store.putFact('seq', '5');
          store.dropProvisional([id(3)]);
          store.keepProvisional({ entryId: id(4), before: undefined });
          throw new Error('cut short');
        };
        expect(() => store.transaction(work)).toThrow('cut short');
        for (const one of [store, held.restart()]) {
          expect(one.local.childAt(rootId, 'a')).toEqual(before);
          expect([one.local.get(id(2)), one.synced.get(id(5)), one.fact('seq')]).toEqual([undefined, undefined, undefined]);
          expect(one.remote.get(id(1))).toEqual(remoteEntry(1, 'a'));
          expect(one.pending()).toEqual([pendingMove(1)]);
          expect(one.provisional()).toEqual([{ entryId: id(3), before: undefined }]);
          expect(one.fact('cursor')).toBe('c');
          expect([one.localByIdentity('inode 1')?.entryId, one.localByIdentity('inode 8')]).toEqual([id(1), undefined]);
        }
      });

      test('do not nest, and one after a failed one works', () => {
        expect(() => store.transaction(() => store.transaction(() => 1))).toThrow();
        expect(store.transaction(() => 2)).toBe(2);
      });
    });

    test('facts are replaced and dropped', () => {
      store.putFact('seq', '1');
      store.putFact('seq', '2');
      expect(held.restart().fact('seq')).toBe('2');
      store.putFact('seq', undefined);
      expect(store.fact('seq')).toBeUndefined();
    });
  });
}
