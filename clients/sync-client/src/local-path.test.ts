import { expect, test } from '@jest/globals';
import { dropSubtree } from './drop-subtree.ts';
import { pathOf } from './local-path.ts';
import { MemoryStore } from './memory-store/memory-store.ts';
import { id, localRow, rootId } from './testing/rows.ts';

test('an entry lies where its folders say, and nowhere while they are recorded in each other', () => {
  const store = new MemoryStore();
  store.putLocal(localRow(1, 'a'));
  store.putLocal(localRow(2, 'b', { parentId: id(1) }));
  store.putLocal(localRow(3, 'c', { parentId: id(2) }));
  expect(pathOf(store, rootId, id(3))).toBe('a/b/c');
  store.putLocal(localRow(1, 'a', { parentId: id(2) }));
  expect(pathOf(store, rootId, id(3))).toBeUndefined();
  dropSubtree(store.local, id(2), (entryId) => store.dropLocal(entryId));
  expect([...store.local.all()]).toEqual([]);
});
