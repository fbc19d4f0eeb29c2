import { expect, test } from '@jest/globals';
import { flush } from './agree.ts';
import { Life } from './life.ts';
import { MemoryStore } from './memory-store/memory-store.ts';
import type { Surroundings } from './ports/surroundings.ts';
import { fileStat, id, localRow, rootId, syncedEntry } from './testing/rows.ts';

const isFolder = { body: { kind: 'folder' } } as const;

test('a folder that was removed is forgotten once nothing is recorded in it', async () => {
  const store = new MemoryStore();
  const life = new Life({ store, rootId, disk: { flush: () => Promise.resolve() } } as unknown as Surroundings);
  store.putSynced(syncedEntry(1, 'folder', isFolder));
  store.putSynced(syncedEntry(2, 'missing', { parentId: id(1) }));
  store.putLocal(localRow(1, 'folder', { ...isFolder, stat: fileStat(1, { kind: 'folder' }) }));
  store.putLocal(localRow(2, 'missing', { parentId: id(1) }));
  const removeAgain = async () => {
    life.removed.add(id(1));
    life.unflushed = true;
    await flush(life);
  };

  await removeAgain();
  expect(store.local.get(id(1))).toBeDefined();
  expect(store.synced.get(id(2))).toBeDefined();

  store.dropLocal(id(2));
  await removeAgain();
  expect([...store.local.all(), ...store.synced.all()]).toEqual([]);
});
