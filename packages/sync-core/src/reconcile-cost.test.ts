import { describe, expect, test } from '@jest/globals';
import type { EntryId } from '@driftbox/domain';
import type { ReconcileInput } from './reconcile-input.ts';
import { reconcile } from './reconcile.ts';
import { idOf, rootId } from './testing/ids.ts';
import { MemoryTree } from './testing/memory-tree.ts';
import { exactNames } from './testing/name-rules.ts';
import { fileOf } from './testing/world.ts';
import type { SyncedEntry } from './tree.ts';

const descendants = 100_000;
const big = idOf(1);

/** A folder of 100,000 files beside another folder, the same on both sides. */
function rows(): SyncedEntry[] {
  const folder = (entryId: EntryId, name: string): SyncedEntry => ({ entryId, parentId: rootId, name, rev: 1, body: { kind: 'folder' } });
  const files = Array.from({ length: descendants }, (_, n) => ({
    entryId: idOf(n + 10),
    parentId: big,
    name: `file ${n}`,
    rev: 1,
    body: fileOf(n),
  }));
  return [folder(big, 'big'), folder(idOf(2), 'other'), ...files];
}
const all = rows();
const before = new MemoryTree(all);

/** Plans after a change to a copy of one of the trees. */
function plan(side: 'local' | 'remote', change: (tree: MemoryTree<SyncedEntry>) => EntryId[]) {
  const after = new MemoryTree(all);
  const changed = change(after);
  for (const tree of [before, after]) tree.lookups = 0;
  const trees = { synced: before, local: before, remote: before, [side]: after };
  const input: ReconcileInput = {
    ...trees,
    rootId,
    changed,
    names: exactNames,
    device: 'laptop',
    date: '2026-11-27',
    selected: () => true,
  };
  const made = reconcile(input);
  return { made, lookups: before.lookups + after.lookups };
}

describe('the cost of a plan goes with what changed', () => {
  test('a folder of 100,000 that was renamed here is one move there', () => {
    const { made, lookups } = plan('local', (local) => {
      local.put({ entryId: big, parentId: idOf(2), name: 'renamed', rev: 1, body: { kind: 'folder' } });
      return [big];
    });
    expect(made).toMatchObject({ remote: [{ op: 'move', entryId: big, parentId: idOf(2), name: 'renamed' }], local: [], agreements: [] });
    expect(lookups).toBeLessThan(50);
  });

  test('and the other way round', () => {
    const { made, lookups } = plan('remote', (remote) => {
      remote.put({ entryId: big, parentId: idOf(2), name: 'renamed', rev: 2, body: { kind: 'folder' } });
      return [big];
    });
    expect(made).toMatchObject({ local: [{ op: 'move', entryId: big, parentId: idOf(2), name: 'renamed' }], remote: [] });
    expect(lookups).toBeLessThan(50);
  });

  test('a folder of 100,000 that was deleted here is one delete there, looked at once', () => {
    const { made, lookups } = plan('local', (local) => {
      local.dropTree(big);
      return all.map(({ entryId }) => entryId).filter((entryId) => entryId !== idOf(2));
    });
    expect(made.remote).toEqual([{ op: 'delete', entryId: big, baseRev: 1 }]);
    expect(lookups).toBeLessThan(15 * descendants);
  });

  test('one new file in a folder of 100,000 does not look at the others', () => {
    const { made, lookups } = plan('local', (local) => {
      local.put({ entryId: idOf(5), parentId: big, name: 'new', rev: 1, body: fileOf(5) });
      return [idOf(5)];
    });
    expect(made.remote).toHaveLength(1);
    expect(lookups).toBeLessThan(50);
  });

  test('20,000 files renamed in a row, each to the name of the next', () => {
    const shifted = all.slice(2, 20_002);
    const { made } = plan('local', (local) => {
      for (const entry of shifted) local.drop(entry.entryId);
      shifted.forEach((entry, n) => local.put({ ...entry, name: n === shifted.length - 1 ? 'last' : `file ${n + 1}` }));
      return shifted.map(({ entryId }) => entryId);
    });
    const moves = made.remote.filter(({ op }) => op === 'move');
    expect(moves).toHaveLength(made.remote.length);
    expect(moves.length).toBeLessThan(shifted.length * 1.01);
  });
});
