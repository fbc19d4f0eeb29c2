import { describe, expect, test } from '@jest/globals';
import type { EntryId } from '@driftbox/domain';
import { reconcile } from './reconcile.ts';
import { localEditor, remoteEditor } from './testing/edits.ts';
import { digestOf, rootId } from './testing/ids.ts';
import { exactNames, foldingNames } from './testing/name-rules.ts';
import { settle } from './testing/reunion.ts';
import { World, fileOf } from './testing/world.ts';

function newWorld(names = exactNames) {
  const world = new World(names);
  const there = remoteEditor(world);
  const folder = there.make({ parentId: rootId, name: 'folder' }, { kind: 'folder' });
  const file = there.make({ parentId: folder, name: 'file' }, fileOf(1));
  settle(world, reconcile);
  return { world, here: localEditor(world), there, folder, file };
}
const reasons = (world: World) => reconcile(world.input()).waiting.map(({ entryId, reason }) => [entryId, reason] as const);
const isOnDisk = (world: World, entryId: EntryId) => world.disk.tree.rows.has(entryId);

describe('what waits', () => {
  test('a folder whose name clashes waits with all in it, and comes when the name is free', () => {
    const { world, here, there, folder } = newWorld(foldingNames);
    const other = there.make({ parentId: rootId, name: 'FOLDER' }, { kind: 'folder' });
    const inOther = there.make({ parentId: other, name: 'file' }, fileOf(2));
    settle(world, reconcile);
    expect(reasons(world)).toEqual([
      [other, 'name_clash'],
      [inOther, 'parent_waits'],
    ]);
    here.move(folder, { parentId: rootId, name: 'free' });
    settle(world, reconcile);
    expect(reasons(world)).toEqual([]);
    expect(isOnDisk(world, inOther)).toBe(true);
  });

  test('a folder that is to go below one that stays in it for its name waits with it', () => {
    const { world, here, there, folder } = newWorld(foldingNames);
    const other = there.make({ parentId: rootId, name: 'other' }, fileOf(2));
    const inner = there.make({ parentId: rootId, name: 'inner' }, { kind: 'folder' });
    const deep = there.make({ parentId: inner, name: 'deep' }, { kind: 'folder' });
    settle(world, reconcile);
    here.move(inner, { parentId: folder, name: 'inner' });
    there.move(folder, { parentId: deep, name: 'folder' });
    there.move(other, { parentId: rootId, name: 'INNER' });
    settle(world, reconcile);
    expect(new Map(reasons(world))).toEqual(
      new Map([
        [inner, 'name_clash'],
        [folder, 'parent_waits'],
      ]),
    );
    expect(world.disk.must(other).name).toBe('INNER');
  });

  test('a rename that the disk cannot follow waits; an edit of the same file does not', () => {
    const { world, there, folder, file } = newWorld(foldingNames);
    there.move(file, { parentId: folder, name: 'a:b' });
    there.write(file, fileOf(2));
    settle(world, reconcile);
    expect(reasons(world)).toEqual([[file, 'name_unrepresentable']]);
    expect(world.disk.must(file)).toMatchObject({ name: 'file', body: fileOf(2) });
  });

  test('nothing is concluded from what an unreadable folder hides', () => {
    const { world, there, folder, file } = newWorld();
    world.disk.spoil(folder);
    const fresh = there.make({ parentId: folder, name: 'new' }, fileOf(3));
    settle(world, reconcile);
    expect(reasons(world)).toEqual([
      [folder, 'unreadable'],
      [file, 'unreadable'],
      [fresh, 'parent_waits'],
    ]);
    world.disk.mendAll();
    settle(world, reconcile);
    expect(isOnDisk(world, file) && isOnDisk(world, fresh)).toBe(true);
  });

  test('a folder deleted there stays while something in it cannot be read', () => {
    const { world, there, folder, file } = newWorld();
    world.disk.spoil(file);
    there.delete(folder);
    settle(world, reconcile);
    expect(reasons(world)).toEqual([[file, 'unreadable']]);
    expect(isOnDisk(world, folder)).toBe(true);
  });

  test('a file is read before it is decided about, and nothing else is planned for it', () => {
    const { world, there, file } = newWorld();
    world.disk.scribble(file, digestOf(4));
    there.write(file, fileOf(5));
    expect(reconcile(world.input())).toMatchObject({ read: [file], local: [], remote: [], agreements: [] });
  });
});

describe('what is not selected', () => {
  test('leaves the disk, and is on the server still', () => {
    const { world, folder, file } = newWorld();
    world.unselected.add(folder);
    settle(world, reconcile);
    expect(world.disk.tree.rows.size + world.synced.rows.size).toBe(0);
    expect(world.drive.entries.get(file)?.trashed).toBeUndefined();
  });

  test('leaves only after what was written here has gone up', () => {
    const { world, here, folder, file } = newWorld();
    here.write(file, fileOf(6));
    world.unselected.add(folder);
    expect(reconcile(world.input())).toMatchObject({ remote: [{ op: 'putFile', entryId: file }], local: [] });
    settle(world, reconcile);
    expect(isOnDisk(world, folder)).toBe(false);
    expect(world.remoteTree().rows.get(file)?.body).toEqual(fileOf(6));
  });

  test('is kept when the folder around it is deleted here, whose deleter had not seen it', () => {
    const { world, here, there, folder, file } = newWorld();
    const inner = there.make({ parentId: folder, name: 'inner' }, { kind: 'folder' });
    world.unselected.add(inner);
    settle(world, reconcile);
    here.delete(folder);
    settle(world, reconcile);
    const live = world.remoteTree().rows;
    expect(live.has(inner) && live.has(folder)).toBe(true);
    expect(live.has(file)).toBe(false);
  });

  test('keeps its name: what is made here beside it takes another', () => {
    const { world, here, folder } = newWorld();
    world.unselected.add(folder);
    settle(world, reconcile);
    const made = here.make({ parentId: rootId, name: 'folder' }, { kind: 'folder' });
    settle(world, reconcile);
    expect(world.disk.must(made).name).toBe('folder (conflicted copy of laptop 2026-11-27)');
  });
});
