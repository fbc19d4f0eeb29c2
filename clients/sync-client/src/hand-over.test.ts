import { expect, test } from '@jest/globals';
import type { DriveId, EntryId } from '@driftbox/domain';
import { handOver } from './hand-over.ts';
import { Life } from './life.ts';
import { MemoryStore } from './memory-store/memory-store.ts';
import type { Stat } from './ports/disk.ts';
import type { FolderRows } from './ports/mounts.ts';
import type { Surroundings } from './ports/surroundings.ts';
import { fileStat, id, localRow, remoteEntry, rootId, syncedEntry } from './testing/rows.ts';

const folder = { body: { kind: 'folder' } } as const;
const mount = { kind: 'mount', drive: 'a drive' as DriveId, rootId: id(1) } as const;

/** A folder 1 with a file 2 and a folder 3 with a file 4 in it, in sync; the server has a mount 9 for it instead. */
function device() {
  const store = new MemoryStore();
  const inIt = { parentId: id(1) };
  const rows = [
    localRow(1, 'shared', { ...folder, stat: fileStat(1, { kind: 'folder' }) }),
    localRow(2, 'edited', inIt),
    localRow(3, 'deep', { ...inIt, ...folder }),
    localRow(4, 'file', { parentId: id(3) }),
  ];
  for (const row of rows) store.putLocal(row);
  for (const { entryId, parentId, name, body } of rows) store.putSynced({ entryId, parentId, name, body, rev: 1 });
  store.putLocal(localRow(5, 'other'));
  store.putSynced(syncedEntry(5, 'other'));
  store.putRemote(remoteEntry(5, 'other'));
  store.putRemote(remoteEntry(9, 'shared', { body: mount }));
  const taken: FolderRows[] = [];
  const mounts = { take: (_mount: EntryId, given: FolderRows) => void taken.push(given) };
  return { store, taken, life: new Life({ store, rootId, mounts } as unknown as Surroundings) };
}
const ids = (rows: readonly { readonly entryId: string }[]) => rows.map(({ entryId }) => entryId).sort();

test('what is known of a folder that was shared goes over to its drive, and the folder is the mount', async () => {
  const { store, taken, life } = device();
  await handOver(life);
  expect(taken.map(({ local, synced }) => [ids(local), ids(synced)])).toEqual([
    [
      [id(2), id(3), id(4)],
      [id(2), id(3), id(4)],
    ],
  ]);
  expect([...store.local.all()].map(({ entryId }) => entryId).sort()).toEqual([id(5), id(9)]);
  expect(store.local.get(id(9))).toMatchObject({ name: 'shared', body: mount, stat: { identity: 'inode 1' } });
  expect(store.changed()).toEqual([]);
});

test('a folder that is still on the server is left alone, and so is one that is not here', async () => {
  const still = device();
  still.store.putRemote(remoteEntry(1, 'elsewhere', folder));
  await handOver(still.life);
  const away = device();
  away.store.dropLocal(id(1));
  await handOver(away.life);
  expect([still.taken, away.taken]).toEqual([[], []]);
});

test('a mount that was moved into it is none in its drive, which finds a folder that nobody knows', async () => {
  const { store, taken, life } = device();
  store.putLocal(localRow(6, 'another drive', { parentId: id(3), body: { ...mount, rootId: id(7) } }));
  await handOver(life);
  expect(taken.map(({ local }) => ids(local))).toEqual([[id(2), id(3), id(4)]]);
  expect(store.local.get(id(6))).toBeUndefined();
});

test('a folder in the place of a mount that was moved is not taken for it', async () => {
  const { store, life } = device();
  await handOver(life);
  store.dropRemote(id(9));
  store.putRemote(remoteEntry(1, 'shared', { ...folder, rev: 3 }));
  const asked: unknown[] = [];
  const give = (entryId: EntryId, path: string, seen: Stat) => {
    asked.push([entryId, path, seen.identity]);
    return Promise.resolve(undefined);
  };
  Object.assign(life.around, { mounts: { give } });
  await handOver(life);
  expect(asked).toEqual([[id(9), 'shared', 'inode 1']]);
  expect(store.local.get(id(9))?.body).toEqual(mount);
});

test('the drive has the rows before they are gone here', async () => {
  const { store, life } = device();
  const before = [...store.local.all()].length;
  Object.assign(life.around, {
    mounts: {
      take: () => {
        expect([...store.local.all()]).toHaveLength(before);
        throw new Error('no room on this disk');
      },
    },
  });
  await expect(handOver(life)).rejects.toThrow('no room');
  expect([...store.local.all()]).toHaveLength(before);
});

test('what a drive that is a folder again had comes back, and the mount is the folder', async () => {
  const { store, taken, life } = device();
  await handOver(life);
  store.dropRemote(id(9));
  store.putRemote(remoteEntry(1, 'shared', { ...folder, rev: 3 }));
  for (const n of [2, 4]) store.putRemote(remoteEntry(n, n === 2 ? 'edited' : 'file', { parentId: id(n === 2 ? 1 : 3) }));
  store.putRemote(remoteEntry(3, 'deep', { ...folder, parentId: id(1) }));
  Object.assign(life.around, { mounts: { give: () => Promise.resolve(taken[0]) } });
  await handOver(life);
  expect([...store.local.all()].map(({ entryId }) => entryId).sort()).toEqual([1, 2, 3, 4, 5].map(id));
  expect(store.changed()).toEqual([]);
});
