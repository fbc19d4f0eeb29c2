import { describe, expect, test } from '@jest/globals';
import { checkSafety } from './check-safety.ts';
import type { Plan } from './plan.ts';
import { idOf } from './testing/ids.ts';

const empty: Plan = { agreements: [], read: [], remote: [], local: [], waiting: [] };
const counts = { rootIsThere: true, onDisk: 100, synced: 100, below: () => 0, isOnDisk: () => true };
const thresholds = { share: 0.5, atLeast: 10 };
const many = <Step>(count: number, step: (n: number) => Step) => Array.from({ length: count }, (_, n) => step(n));
const removes = (count: number): Plan => ({ ...empty, local: many(count, (n) => ({ op: 'remove', entryId: idOf(n) })) });
const deletes = (count: number): Plan => ({ ...empty, remote: many(count, (n) => ({ op: 'delete', entryId: idOf(n), baseRev: 1 })) });
const puts = (count: number, baseRev: number | null): Plan => ({
  ...empty,
  remote: many(count, (n) => ({ op: 'putFile', entryId: idOf(n), baseRev, place: undefined })),
});

describe('a pass stops and asks', () => {
  test('when the folder is gone, whatever the plan', () => {
    expect(checkSafety(empty, { ...counts, rootIsThere: false, onDisk: 0 }, thresholds)).toMatchObject({ reason: 'root_vanished' });
  });

  test('when there is suddenly nothing in it', () => {
    expect(checkSafety(deletes(3), { ...counts, onDisk: 0 }, thresholds)).toEqual({ reason: 'root_emptied', entries: 100, of: 100 });
  });

  test('when more than a share is deleted, on either side', () => {
    expect(checkSafety(removes(51), counts, thresholds)).toEqual({ reason: 'deletes_on_disk', entries: 51, of: 100 });
    expect(checkSafety(deletes(51), counts, thresholds)).toEqual({ reason: 'deletes_on_server', entries: 51, of: 100 });
  });

  test('when one delete takes many with it', () => {
    expect(checkSafety(deletes(1), { ...counts, below: () => 60 }, thresholds)).toMatchObject({ reason: 'deletes_on_server', entries: 61 });
  });

  test('when more than a share is written over, and not for what is new', () => {
    expect(checkSafety(puts(51, 1), counts, thresholds)).toMatchObject({ reason: 'rewrites_on_server' });
    expect(checkSafety(puts(51, null), counts, thresholds)).toBeUndefined();
    const remote = { entryId: idOf(1), parentId: idOf(2), name: 'a', rev: 1, body: { kind: 'folder' as const } };
    const fetches: Plan = { ...empty, local: many(51, () => ({ ...remote, op: 'fetch' as const, remote })) };
    expect(checkSafety(fetches, counts, thresholds)).toMatchObject({ reason: 'rewrites_on_disk', entries: 51 });
    expect(checkSafety(fetches, { ...counts, isOnDisk: () => false }, thresholds)).toBeUndefined();
  });
});

describe('a pass goes on', () => {
  test('with what is within the share', () => {
    expect(checkSafety(removes(50), counts, thresholds)).toBeUndefined();
  });

  test('with few steps in a small folder, even if they are all of it', () => {
    expect(checkSafety(removes(6), { ...counts, synced: 6, onDisk: 6 }, thresholds)).toBeUndefined();
  });

  test('in a folder that was always empty', () => {
    expect(checkSafety(empty, { ...counts, onDisk: 0, synced: 0 }, thresholds)).toBeUndefined();
  });
});

describe('the bounds', () => {
  test.each([
    ['the least number in a small folder', 12, 10, false],
    ['one more than the least number', 12, 11, true],
    ['the share in a large one', 21, 10, false],
    ['one more than the share', 21, 11, true],
    ['half of an odd number, rounded down', 23, 11, false],
    ['half of an odd number, rounded up', 23, 12, true],
  ])('are met by %s: of %i entries %i; stopped: %s', (_what, synced, count, isStopped) => {
    for (const plan of [removes(count), deletes(count), puts(count, 1)])
      expect(checkSafety(plan, { ...counts, synced, onDisk: synced }, thresholds) !== undefined).toBe(isStopped);
  });

  test('may be none at all: then one is too many, and nothing is not', () => {
    const none = { share: 0, atLeast: 0 };
    expect(checkSafety(removes(1), counts, none)).toEqual({ reason: 'deletes_on_disk', entries: 1, of: 100 });
    expect(checkSafety(empty, counts, none)).toBeUndefined();
  });

  test('are for each reason by itself, and the gravest is told', () => {
    const both = { ...removes(51), remote: [...deletes(51).remote, ...puts(51, 1).remote] };
    expect(checkSafety(both, counts, thresholds)?.reason).toBe('deletes_on_server');
    expect(checkSafety({ ...both, remote: puts(51, 1).remote }, counts, thresholds)?.reason).toBe('deletes_on_disk');
    expect(checkSafety({ ...removes(50), remote: [...deletes(50).remote, ...puts(50, 1).remote] }, counts, thresholds)).toBeUndefined();
    expect(checkSafety(both, { ...counts, onDisk: 0 }, thresholds)?.reason).toBe('root_emptied');
    expect(checkSafety(both, { ...counts, onDisk: 0, rootIsThere: false }, thresholds)?.reason).toBe('root_vanished');
  });
});
