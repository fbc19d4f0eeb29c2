import assert from 'node:assert/strict';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { livePath } from '@driftbox/domain';
import { reconcile } from './reconcile.ts';
import { allHappens, carryOut } from './testing/carry-out.ts';
import type { Luck } from './testing/carry-out.ts';
import { edits, makeEdit } from './testing/edits.ts';
import { rootId } from './testing/ids.ts';
import { exactNames, foldingNames } from './testing/name-rules.ts';
import { World } from './testing/world.ts';

const isEmpty = (plan: ReturnType<typeof reconcile>) =>
  plan.agreements.length + plan.read.length + plan.remote.length + plan.local.length === 0;

function settle(world: World, localFirst: boolean, luck: Luck = allHappens, passes = 8): void {
  for (let pass = 0; pass < passes; pass += 1) {
    const plan = reconcile(world.input());
    expect(reconcile(world.input(true))).toEqual(plan);
    if (isEmpty(plan)) return;
    carryOut(world, plan, localFirst, luck);
  }
  throw new Error(`not settled: ${JSON.stringify(reconcile(world.input()), null, 1)}`);
}

function localPaths(world: World): Map<string, string> {
  const paths = new Map<string, string>();
  for (const entry of world.disk.tree.rows.values()) {
    const way = world.disk.tree.wayUp(entry.entryId);
    assert.equal(way.at(-1)!.parentId, rootId);
    paths.set(
      way
        .map(({ name }) => name)
        .reverse()
        .join('/'),
      JSON.stringify([entry.entryId, entry.body]),
    );
  }
  return paths;
}

function remotePaths(world: World): Map<string, string> {
  const paths = new Map<string, string>();
  for (const entry of world.remoteTree().rows.values()) {
    const path = livePath(world.drive, entry.entryId);
    if (path !== undefined) paths.set(path.join('/'), JSON.stringify([entry.entryId, entry.body]));
  }
  return paths;
}

describe('random edits on both sides, planned and carried out until nothing is left to do', () => {
  test('end with both sides equal', () => {
    fc.assert(
      fc.property(edits('remote', 14), edits(undefined, 12), fc.boolean(), (base, both, localFirst) => {
        const world = new World(exactNames);
        for (const edit of base) makeEdit(world, edit);
        settle(world, localFirst);
        for (const edit of both) makeEdit(world, edit);
        settle(world, localFirst);
        expect(Object.fromEntries(localPaths(world))).toEqual(Object.fromEntries(remotePaths(world)));
      }),
      { numRuns: 300 },
    );
  });

  test('end too where the file system does not mind case', () => {
    fc.assert(
      fc.property(edits('remote', 14), edits(undefined, 12), fc.boolean(), (base, both, localFirst) => {
        const world = new World(foldingNames);
        for (const edit of base) makeEdit(world, edit);
        settle(world, localFirst);
        for (const edit of both) makeEdit(world, edit);
        settle(world, localFirst);
      }),
      { numRuns: 300 },
    );
  });
});
