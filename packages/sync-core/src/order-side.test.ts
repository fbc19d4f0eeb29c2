import { describe, expect, test } from '@jest/globals';
import type { EntryId, Place } from '@driftbox/domain';
import { orderSide } from './order-side.ts';
import { idOf, rootId } from './testing/ids.ts';
import { MemoryDisk } from './testing/memory-disk.ts';
import { foldingNames } from './testing/name-rules.ts';
import type { Side, Wish } from './side.ts';

const [a, b, c, d] = [idOf(1), idOf(2), idOf(3), idOf(4)];
const at = (parentId: EntryId, name: string): Place => ({ parentId, name });
const move = (entryId: EntryId, to: Place): Wish => ({ entryId, to, creates: false });
const create = (entryId: EntryId, to: Place): Wish => ({ entryId, to, creates: true });
const remove = (entryId: EntryId): Wish => ({ entryId, to: undefined, creates: false });

/** A disk of folders, which is a side too. */
function diskOf(places: readonly (readonly [EntryId, Place])[]): { disk: MemoryDisk; side: Side } {
  const disk = new MemoryDisk(rootId, foldingNames);
  for (const [entryId, place] of places) disk.make(entryId, place, { kind: 'folder' });
  const side: Side = {
    rootId,
    placeOf: (entryId) => disk.tree.rows.get(entryId),
    at: (place) => disk.at(place)?.entryId,
    keyOf: foldingNames.keyOf,
    isClosed: () => false,
  };
  return { disk, side };
}

/** Orders wishes and lets them come true on a disk that throws at every step that is not possible. */
function comeTrue(places: readonly (readonly [EntryId, Place])[], wishes: readonly Wish[], pinned: readonly EntryId[] = []) {
  const { disk, side } = diskOf(places);
  const { steps, blocked, wishes: possible } = orderSide(side, wishes, () => new Set(pinned));
  for (const { step, entryId } of steps) {
    const wish = possible.get(entryId);
    if (step === 'stash') disk.stash(entryId);
    else if (step === 'remove') disk.remove(entryId);
    else if (wish?.to !== undefined && wish.creates) disk.make(entryId, wish.to, { kind: 'folder' });
    else if (wish?.to !== undefined) disk.move(entryId, wish.to);
  }
  // How many steps each that was stashed had to wait for.
  const stashed = steps.flatMap(({ step, entryId }, index) =>
    step === 'stash' ? [steps.findIndex((later, at) => at > index && later.entryId === entryId) - index - 1] : [],
  );
  const end = [...disk.tree.rows.values()].map(({ entryId, parentId, name }) => [entryId, at(parentId, name)] as const);
  return { end: new Map(end), stashes: stashed.length, stashed, blocked };
}

describe('wishes come true in an order in which each step is possible', () => {
  test('a row of names needs no stash', () => {
    const { end, stashes } = comeTrue(
      [
        [a, at(rootId, 'a')],
        [b, at(rootId, 'b')],
      ],
      [move(a, at(rootId, 'b')), move(b, at(rootId, 'c'))],
    );
    expect(stashes).toBe(0);
    expect(end.get(a)).toEqual(at(rootId, 'b'));
    expect(end.get(b)).toEqual(at(rootId, 'c'));
  });

  test('a circle of names needs one', () => {
    const { end, stashes } = comeTrue(
      [
        [a, at(rootId, 'a')],
        [b, at(rootId, 'b')],
        [c, at(rootId, 'c')],
      ],
      [move(a, at(rootId, 'b')), move(b, at(rootId, 'c')), move(c, at(rootId, 'a'))],
    );
    expect(stashes).toBe(1);
    expect(end.get(c)).toEqual(at(rootId, 'a'));
  });

  test('two circles are undone one after the other, and a long row needs no stash', () => {
    const names = Array.from({ length: 1_000 }, (_, n) => [idOf(100 + n), at(rootId, `row ${n}`)] as const);
    const circles = [a, b, c, d].map((entryId) => [entryId, at(rootId, entryId)] as const);
    const rows = names.map(([entryId], n) => move(entryId, at(rootId, `row ${n + 1}`)));
    const { end, stashed } = comeTrue(
      [...circles, ...names],
      [move(a, at(rootId, b)), move(b, at(rootId, a)), move(c, at(rootId, d)), move(d, at(rootId, c)), ...rows],
    );
    expect(stashed).toEqual([1, 1]);
    expect(end.get(idOf(100))?.name).toBe('row 1');
  });

  test('a folder and the one in it change places', () => {
    const { end } = comeTrue(
      [
        [a, at(rootId, 'a')],
        [b, at(a, 'b')],
      ],
      [move(b, at(rootId, 'a')), move(a, at(b, 'b'))],
    );
    expect(end).toEqual(
      new Map([
        [b, at(rootId, 'a')],
        [a, at(b, 'b')],
      ]),
    );
  });

  test('three folders in each other turn inside out', () => {
    const { end } = comeTrue(
      [
        [a, at(rootId, 'x')],
        [b, at(a, 'x')],
        [c, at(b, 'x')],
      ],
      [move(c, at(rootId, 'x')), move(b, at(c, 'x')), move(a, at(b, 'x'))],
    );
    expect(end.get(a)).toEqual(at(b, 'x'));
  });

  test('a new folder takes the name of what goes into it', () => {
    const { end } = comeTrue([[a, at(rootId, 'a')]], [move(a, at(b, 'a')), create(b, at(rootId, 'a'))]);
    expect(end.get(a)).toEqual(at(b, 'a'));
    expect(end.get(b)).toEqual(at(rootId, 'a'));
  });

  test('what was in a removed folder takes its name', () => {
    const { end } = comeTrue(
      [
        [a, at(rootId, 'a')],
        [b, at(a, 'b')],
      ],
      [remove(a), move(b, at(rootId, 'a'))],
    );
    expect(end).toEqual(new Map([[b, at(rootId, 'a')]]));
  });

  test('a name changes its case in its place', () => {
    const { end, stashes } = comeTrue([[a, at(rootId, 'a')]], [move(a, at(rootId, 'A'))]);
    expect(stashes).toBe(0);
    expect(end.get(a)?.name).toBe('A');
  });
});

describe('wishes that cannot come true are left out, with all that depend on them', () => {
  test('a name that is taken by what stays', () => {
    const { end, blocked } = comeTrue(
      [
        [a, at(rootId, 'a')],
        [b, at(rootId, 'b')],
        [c, at(rootId, 'c')],
      ],
      [move(a, at(rootId, 'b')), move(c, at(rootId, 'a'))],
    );
    expect(blocked.get(a)).toEqual({ by: 'name', entryId: b });
    expect(blocked.get(c)).toEqual({ by: 'name', entryId: a });
    expect(end.get(a)?.name).toBe('a');
  });

  test('of two that want one name the older id gets it', () => {
    const { end, blocked } = comeTrue([], [create(b, at(rootId, 'N')), create(a, at(rootId, 'n'))]);
    expect(end.get(a)?.name).toBe('n');
    expect(blocked.get(b)).toEqual({ by: 'name', entryId: a });
  });

  test('a folder that is not there, and what is made in it', () => {
    const { blocked } = comeTrue([], [create(a, at(d, 'a')), create(b, at(a, 'b'))]);
    expect(blocked.get(a)).toEqual({ by: 'parent', entryId: d });
    expect(blocked.get(b)).toEqual({ by: 'parent', entryId: a });
  });

  test('a folder with something in it that stays, and those around it', () => {
    const { end, blocked } = comeTrue(
      [
        [a, at(rootId, 'a')],
        [b, at(a, 'b')],
      ],
      [remove(a), remove(b)],
      [b],
    );
    expect([...blocked.keys()].sort()).toEqual([a, b]);
    expect(end.size).toBe(2);
  });

  test('a folder that was to go into the one in it, which cannot come out', () => {
    const { end, blocked } = comeTrue(
      [
        [a, at(rootId, 'a')],
        [b, at(a, 'b')],
        [c, at(rootId, 'taken')],
      ],
      [move(a, at(b, 'a')), move(b, at(rootId, 'taken'))],
    );
    expect(blocked.get(b)).toEqual({ by: 'name', entryId: c });
    expect(blocked.get(a)).toEqual({ by: 'parent', entryId: b });
    expect(end.get(a)?.parentId).toBe(rootId);
  });
});
