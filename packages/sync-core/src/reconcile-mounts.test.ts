import { expect, test } from '@jest/globals';
import { reconcile } from './reconcile.ts';
import { localEditor, remoteEditor } from './testing/edits.ts';
import { mountOf, rootId } from './testing/ids.ts';
import { exactNames } from './testing/name-rules.ts';
import { settle } from './testing/reunion.ts';
import { World, fileOf } from './testing/world.ts';

function mountedWorld() {
  const world = new World(exactNames);
  const [here, there] = [localEditor(world), remoteEditor(world)];
  const folder = there.make({ parentId: rootId, name: 'folder' }, { kind: 'folder' });
  const mount = there.make({ parentId: rootId, name: 'mounted' }, mountOf);
  settle(world, reconcile);
  expect(world.disk.must(mount)).toMatchObject({ name: 'mounted', body: mountOf });
  return { world, here, there, folder, mount };
}

test('a mount is renamed and moved like a folder, from either side', () => {
  const { world, here, there, folder, mount } = mountedWorld();
  here.move(mount, { parentId: folder, name: 'mine' });
  settle(world, reconcile);
  expect(world.remoteTree().rows.get(mount)).toMatchObject({ parentId: folder, name: 'mine' });
  there.move(mount, { parentId: rootId, name: 'theirs' });
  settle(world, reconcile);
  expect(world.disk.must(mount)).toMatchObject({ parentId: rootId, name: 'theirs' });
});

test('a mount that is over goes from disk, also where it was moved meanwhile', () => {
  const { world, here, there, folder, mount } = mountedWorld();
  here.move(mount, { parentId: folder, name: 'mine' });
  there.delete(mount);
  settle(world, reconcile);
  expect([world.disk.tree.rows.has(mount), world.remoteTree().rows.has(mount)]).toEqual([false, false]);
});

test('a mount that is removed on disk is over on the server', () => {
  const { world, here, mount } = mountedWorld();
  here.delete(mount);
  expect(reconcile(world.input()).remote).toMatchObject([{ op: 'delete', entryId: mount }]);
  settle(world, reconcile);
  expect(world.remoteTree().rows.has(mount)).toBe(false);
});

test('a folder deleted with a mount in it takes the mount along; a file put into it keeps the folder alone', () => {
  const { world, here, there, folder, mount } = mountedWorld();
  there.move(mount, { parentId: folder, name: 'mounted' });
  settle(world, reconcile);
  there.delete(folder);
  const kept = here.make({ parentId: folder, name: 'kept' }, fileOf(1));
  settle(world, reconcile);
  expect(world.disk.tree.rows.has(mount)).toBe(false);
  expect(world.remoteTree().rows.has(kept)).toBe(true);
});
