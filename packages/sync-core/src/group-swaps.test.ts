import { describe, expect, test } from '@jest/globals';
import type { SteppedOperation } from './group-swaps.ts';
import { groupSwaps } from './group-swaps.ts';
import { idOf, rootId } from './testing/ids.ts';

const move = (n: number, step: 'stash' | 'arrive'): SteppedOperation => ({
  operation: { op: 'move', entryId: idOf(n), parentId: rootId, name: step, baseRev: 1 },
  step,
});
const create = (n: number): SteppedOperation => ({
  operation: { op: 'putFile', entryId: idOf(n), baseRev: null, place: { parentId: rootId, name: 'new' } },
  step: 'arrive',
});

/** Which entries are operated on, in order, each with its group. */
function groupsOf(all: readonly SteppedOperation[]) {
  const numbers = new Map(all.map(({ operation }) => [operation.entryId, Number.parseInt(operation.entryId.slice(-12), 16)]));
  return groupSwaps(all).map(({ entryId, group }) => [numbers.get(entryId), group]);
}

describe('a swap of names is one group', () => {
  test('from the temporary name to where it is moved on from there', () => {
    const all = [move(1, 'arrive'), move(2, 'stash'), move(3, 'arrive'), move(2, 'arrive'), move(4, 'arrive')];
    expect(groupsOf(all)).toEqual([
      [1, undefined],
      [2, 1],
      [3, 1],
      [2, 1],
      [4, undefined],
    ]);
  });

  test('two that are entwined are one, two beside each other are two', () => {
    const entwined = [move(1, 'stash'), move(2, 'stash'), move(1, 'arrive'), move(2, 'arrive')];
    const apart = [move(3, 'stash'), move(3, 'arrive'), move(4, 'stash'), move(4, 'arrive')];
    expect(groupsOf([...entwined, ...apart]).map(([, group]) => group)).toEqual([0, 0, 0, 0, 4, 4, 6, 6]);
  });

  test('new files come after it, as they have bytes', () => {
    expect(groupsOf([move(1, 'stash'), create(2), move(1, 'arrive'), create(3)])).toEqual([
      [1, 0],
      [1, 0],
      [2, undefined],
      [3, undefined],
    ]);
  });

  test('more than one commit takes cannot be one', () => {
    const between = Array.from({ length: 999 }, (_, n) => move(n + 2, 'arrive'));
    const grouped = groupSwaps([move(1, 'stash'), ...between, move(1, 'arrive')]);
    expect(grouped).toHaveLength(1_001);
    expect(grouped.every(({ group }) => group === undefined)).toBe(true);
  });
});
