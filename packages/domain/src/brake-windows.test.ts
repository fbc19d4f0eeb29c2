import { describe, expect, test } from '@jest/globals';
import { brakeLimit, countLost, currentActivity, judgeByBrake, type Activity, type BrakePolicy } from './brake.ts';
import { needsOf } from './commit/needs-of.ts';
import type { Operation } from './operation.ts';
import { content, entryId, expectDone, newDrive, request, rootId, run, writeId } from './testing/fixtures.ts';

const policy: BrakePolicy = { on: true, files: 10, percent: 25, mostFiles: 100, windowMinutes: 2 };
const windowMs = 120_000;
const { drive } = newDrive({ seq: 7, ledger: { ...newDrive().drive.ledger, current: { files: 40, bytes: 1 } } });
const last: Activity = { sinceMs: 1_000, sinceSeq: 3, driveFiles: 80, lostFiles: 5, touchedMs: 1_500 };

describe('a window', () => {
  test.each([
    [1_000, true],
    [1_000 + windowMs - 1, true],
    [1_000 + windowMs, false],
    [1_000 + windowMs + 1, false],
    // A clock that was set back opens no new one: that would forget what was lost.
    [0, true],
  ])('at %i ms is still the one that opened at 1,000: %s', (nowMs, isSame) => {
    const fresh = { sinceMs: nowMs, sinceSeq: 7, driveFiles: 40, lostFiles: 0, touchedMs: undefined };
    expect(currentActivity(policy, last, drive, nowMs)).toEqual(isSame ? last : fresh);
  });

  test('opens with the drive as it is for who did nothing before', () => {
    expect(currentActivity(policy, undefined, drive, 50)).toEqual({
      sinceMs: 50,
      sinceSeq: 7,
      driveFiles: 40,
      lostFiles: 0,
      touchedMs: undefined,
    });
  });
});

describe('the limit', () => {
  test.each([
    [0, 10],
    [40, 10],
    [43, 10],
    [44, 11],
    [47, 11],
    [400, 100],
    [403, 100],
    [404, 100],
    [1e9, 100],
  ])('of a drive of %i files is %i', (files, limit) => expect(brakeLimit(policy, files)).toBe(limit));

  test.each([
    [5, 5, 'go'],
    [5, 6, 'held'],
    [10, 0, 'go'],
    [11, 0, 'go'],
    [11, 1, 'held'],
    [0, 10, 'go'],
    [0, 11, 'held'],
  ] as const)('after %i files, %i more: %s; and they are counted whatever the verdict', (lostFiles, more, verdict) => {
    const judged = judgeByBrake(policy, { ...last, driveFiles: 40, lostFiles }, more);
    expect(judged).toEqual({ verdict, limitFiles: 10, activity: { ...last, driveFiles: 40, lostFiles: lostFiles + more } });
  });
});

describe('what a commit takes away', () => {
  const file = (n: number, sizeBytes: number, parentId = rootId) => ({
    op: 'putFile' as const,
    entryId: entryId(n),
    writeId: writeId(0x70 + n),
    parentId,
    name: `f${n}`,
    baseRev: null,
    content: content(n, sizeBytes),
    mtimeMs: 0,
  });

  /** A folder (1) of two files (2, 3), of an empty one (4) and of a folder (5) with one (6). */
  function lost(operations: readonly Operation[], sinceSeq = 9, earlier: readonly Operation[] = []) {
    const held = newDrive();
    const folder = (n: number, parentId = rootId) => ({ op: 'createFolder' as const, entryId: entryId(n), parentId, name: `d${n}` });
    const below = (n: number, sizeBytes: number, parent: number) => file(n, sizeBytes, entryId(parent));
    run(held, [folder(1), below(2, 5, 1), below(3, 5, 1), below(4, 0, 1), folder(5, entryId(1)), below(6, 5, 5)]);
    if (earlier.length > 0) run(held, earlier);
    const asked = request(operations);
    const state = held.load(needsOf(asked.operations), asked.limits.seenChanges);
    return countLost(state, expectDone(held.commit(asked)), sinceSeq);
  }
  const remove = (n: number): Operation => ({ op: 'delete', entryId: entryId(n), writeId: writeId(0x90 + n), baseRev: 1, seenSeq: 6 });
  const purge = (n: number): Operation => ({ op: 'purge', entryId: entryId(n), writeId: writeId(0xa0 + n) });
  const rewrite = (n: number, sizeBytes: number): Operation => {
    const { op, entryId: of, mtimeMs } = file(n, sizeBytes);
    return { op, entryId: of, mtimeMs, writeId: writeId(0xb0 + n), content: content(0x100 + n, sizeBytes), baseRev: 1 };
  };
  const move = (n: number, parent: number): Operation => ({
    op: 'move',
    entryId: entryId(n),
    writeId: writeId(0xc0 + n),
    parentId: entryId(parent),
    name: `moved${n}`,
    baseRev: 1,
  });
  const make = (n: number): Operation => ({
    op: 'createFolder',
    entryId: entryId(n),
    writeId: writeId(0xd0 + n),
    parentId: rootId,
    name: `made${n}`,
  });

  test.each([
    ['a file', [remove(2)], 1, []],
    ['an empty file', [remove(4)], 0, []],
    ['a file rewritten', [rewrite(2, 9)], 1, []],
    ['an empty file rewritten', [rewrite(4, 9)], 0, []],
    ['a file emptied', [rewrite(2, 0)], 1, []],
    ['a file rewritten, deleted and purged', [rewrite(2, 9), { ...remove(2), baseRev: 2, seenSeq: 7 } as Operation, purge(2)], 1, []],
    ['two files', [remove(2), remove(3)], 2, []],
    ['a folder with all below, empty files too', [remove(1)], 4, [entryId(1)]],
    ['a folder and the one that it is in, once', [remove(5), { ...remove(1), seenSeq: 7 } as Operation], 4, [entryId(1)]],
    ['a file and the folder that it is in, once', [remove(2), { ...remove(1), seenSeq: 7 } as Operation], 4, [entryId(1)]],
    ['a folder that others were moved into first', [move(2, 5), move(3, 5), remove(5)], 3, [entryId(5)]],
    ['a new folder that others were moved into first', [make(8), move(2, 8), move(5, 8), remove(8)], 2, [entryId(5)]],
    ['the same, purged', [make(8), move(2, 8), move(5, 8), remove(8), purge(8)], 2, [entryId(5)]],
    ['a move into a folder that stays', [make(8), move(2, 8), move(5, 8)], 0, []],
    ['what is made in the same commit', [file(8, 5), remove(8)], 0, []],
    ['nothing', [file(9, 5)], 0, []],
  ] as const)('by %s', (_what, operations, files, folders) => {
    expect(lost(operations as readonly Operation[])).toEqual({ files, folders });
  });

  test.each([
    ['a file', 2, [remove(2)], 0, 1],
    ['a folder', 1, [remove(1)], 0, 4],
    ['a folder, and a file of it before', 1, [remove(2), { ...remove(1), seenSeq: 7 } as Operation], 1, 4],
  ])('is counted once where %s goes into the trash and then from there', (_what, of, earlier, within, later) => {
    expect(lost([purge(of)], 6, earlier)).toEqual({ files: within, folders: [] });
    expect(lost([purge(of)], 6 + earlier.length, earlier).files).toBe(later);
  });

  test('is nothing where the file is younger than the window, and all of it where a folder is', () => {
    expect(lost([remove(2)], 1)).toEqual({ files: 0, folders: [] });
    expect(lost([remove(2)], 2).files).toBe(1);
    expect(lost([remove(1)], 0)).toEqual({ files: 4, folders: [entryId(1)] });
  });
});
