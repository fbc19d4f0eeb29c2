import { describe, expect, test } from '@jest/globals';
import type { NameRules } from '@driftbox/sync-core';
import { matchListing, rowsOf } from './match-listing.ts';
import { MemoryStore } from './memory-store/memory-store.ts';
import type { Disk, Listed, Stat } from './ports/disk.ts';
import type { Surroundings } from './ports/surroundings.ts';
import { fileStat, id, localRow, remoteEntry, rootId, syncedEntry } from './testing/rows.ts';

const names: NameRules = { exact: true, keyOf: (name) => name, representable: () => true };

/** What the folder holds, by name, and which entries were at a and b: identities 1 and 2. */
function match(folder: Readonly<Record<string, Stat>>): Promise<Record<string, string | undefined>> {
  const store = new MemoryStore();
  store.putLocal(localRow(1, 'a'));
  store.putLocal(localRow(2, 'b', { stat: fileStat(2) }));
  return matchIn(store, folder);
}

async function matchIn(
  store: MemoryStore,
  folder: Readonly<Record<string, Stat>>,
  rules = names,
): Promise<Record<string, string | undefined>> {
  const at = (path: string) => Object.entries(folder).find(([name]) => rules.keyOf(name) === rules.keyOf(path))?.[1];
  const disk = { stat: (path) => Promise.resolve(at(path)) } satisfies Partial<Disk>;
  const listed = Object.entries(folder).map(([name, stat]): Listed => ({ name, onDisk: name, stat }));
  const around = { store, disk, rootId, names: rules } as unknown as Surroundings;
  const matches = await matchListing(around, rowsOf(around, rootId), { entryId: rootId, path: '' }, listed);
  return Object.fromEntries(matches.map(({ found, before }) => [found.name, before?.entryId]));
}

describe('what is found in a folder is', () => {
  test.each<[string, Record<string, Stat>, Record<string, string | undefined>]>([
    ['what was there', { a: fileStat(1), b: fileStat(2) }, { a: id(1), b: id(2) }],
    ['what was moved there', { c: fileStat(1), b: fileStat(2) }, { c: id(1), b: id(2) }],
    ['two that swapped places', { a: fileStat(2), b: fileStat(1) }, { a: id(2), b: id(1) }],
    ['an entry written anew in its place', { a: fileStat(9), b: fileStat(2) }, { a: id(1), b: id(2) }],
    ['an entry whose old file was kept as a backup: the place wins', { a: fileStat(9), 'a~': fileStat(1) }, { a: id(1), 'a~': undefined }],
    ['a hard link: new, as its entry is where it was', { a: fileStat(1), c: fileStat(1) }, { a: id(1), c: undefined }],
    ['another kind of thing: new', { a: fileStat(9, { kind: 'folder' }) }, { a: undefined }],
    ['an entry moved over another', { b: fileStat(1) }, { b: id(1) }],
  ])('%s', async (_what, folder, expected) => {
    expect(await match(folder)).toEqual(expected);
  });
});

describe('of two entries recorded at one place, as when one was removed and not yet forgotten', () => {
  test.each([
    [1, 2],
    [2, 1],
  ])('entry %d, recorded first, and %d', async (first, second) => {
    const store = new MemoryStore();
    for (const n of [first, second]) store.putLocal(localRow(n, 'a', { stat: fileStat(n) }));
    for (const there of [1, 2]) expect(await matchIn(store, { a: fileStat(there) })).toEqual({ a: id(there) });
    store.putRemote(remoteEntry(second, 'a'));
    expect(await matchIn(store, { a: fileStat(9) })).toEqual({ a: id(second) });
  });
});

describe('on a disk that does not tell cases', () => {
  const caseless: NameRules = { exact: false, keyOf: (name) => name.toLowerCase(), representable: () => true };
  const found = (folder: Readonly<Record<string, Stat>>) => {
    const store = new MemoryStore();
    store.putLocal(localRow(1, 'Readme'));
    return matchIn(store, folder, caseless);
  };

  test('a name that is respelt is a rename', async () => {
    expect(await found({ README: fileStat(1) })).toEqual({ README: id(1) });
  });

  test('what is made anew under another spelling is written in its place, and what was there is new elsewhere', async () => {
    expect(await found({ README: fileStat(9), moved: fileStat(1) })).toEqual({ README: id(1), moved: undefined });
  });
});

test.each([
  ['seen last where it is', ['a', 'moved']],
  ['seen first where it is', ['moved', 'a']],
])('a folder that has another name is that one, whatever was made under its old name: %s', async (_how, order) => {
  const store = new MemoryStore();
  store.putLocal(localRow(1, 'a', { body: { kind: 'folder' }, stat: fileStat(1, { kind: 'folder' }) }));
  const folder = { a: fileStat(9, { kind: 'folder' }), moved: fileStat(1, { kind: 'folder' }) };
  const found = Object.fromEntries(Object.entries(folder).toSorted(([x], [y]) => order.indexOf(x) - order.indexOf(y)));
  expect(await matchIn(store, found)).toEqual({ moved: id(1), a: undefined });
});

test('what was missed, and not told to the server, is itself when it is back, unless it is of another kind', async () => {
  const store = new MemoryStore();
  store.putSynced(syncedEntry(1, 'a'));
  store.putSynced(syncedEntry(2, 'b'));
  const around = { store, rootId, names } as unknown as Surroundings;
  const listed: Listed[] = [
    { name: 'a', onDisk: 'a', stat: fileStat(8) },
    { name: 'b', onDisk: 'b', stat: fileStat(9, { kind: 'folder' }) },
  ];
  const matches = await matchListing(around, rowsOf(around, rootId), { entryId: rootId, path: '' }, listed);
  expect(matches.map(({ returned }) => returned)).toEqual([id(1), undefined]);
});

test('what was somewhere else for a moment only is passed over there', async () => {
  const store = new MemoryStore();
  store.putLocal(localRow(1, 'a'));
  const disk = { stat: (path) => Promise.resolve(path === 'a' ? fileStat(1) : undefined) } satisfies Partial<Disk>;
  const around = { store, disk, rootId, names } as unknown as Surroundings;
  const listed: Listed[] = [{ name: 'c', onDisk: 'c', stat: fileStat(1) }];
  expect(await matchListing(around, rowsOf(around, id(7)), { entryId: id(7), path: 'd' }, listed)).toEqual([]);
});

test('what moved to the very path it had, in another folder that took the name of its own, is still itself', async () => {
  const store = new MemoryStore();
  const folder = { body: { kind: 'folder' } } as const;
  // Both are recorded as c: the one that is there now, and the one that was and has not been found since.
  for (const n of [1, 2]) store.putLocal(localRow(n, 'c', { ...folder, stat: fileStat(n, { kind: 'folder' }) }));
  store.putLocal(localRow(3, 'b', { parentId: id(1) }));
  const disk = { stat: () => Promise.resolve(fileStat(3)) } satisfies Partial<Disk>;
  const around = { store, disk, rootId, names } as unknown as Surroundings;
  const [match] = await matchListing(around, rowsOf(around, id(2)), { entryId: id(2), path: 'c' }, [
    { name: 'b', onDisk: 'b', stat: fileStat(3) },
  ]);
  expect(match?.before?.entryId).toBe(id(3));
});
