import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { moveToDrive } from './commit/move-to-drive.ts';
import type { DriveMoveRequest } from './commit/move-to-drive.ts';
import type { MemoryDrive } from './memory-drive.ts';
import { recount } from './memory-ledger.ts';
import { emptyLine } from './ledger.ts';
import type { Outcome } from './operation.ts';
import { entryId } from './testing/fixtures.ts';
import { held, heldFiles, histories, play, realRule } from './testing/history.ts';
import { countersHold, noCycle, uniqueNames } from './testing/laws.ts';
import type { Step } from './testing/history.ts';
import { moveBetween, moveRequest, otherDrive } from './testing/two-drives.ts';
import type { MoveRule } from './testing/two-drives.ts';

/** Some numbers that become a move once the two drives are known; `back` moves from the other drive to the first. */
const seed = fc.record({
  back: fc.constantFrom(false, false, true),
  target: fc.constantFrom(1, 2, 3, 4, 5, 6, 7, 8, 9, 101, 102),
  parent: fc.constantFrom(0, 0, 1, 2, 3, 101, 102, 103),
  name: fc.nat(3),
  stale: fc.constantFrom(0, 0, 0, 1),
  growBytes: fc.constantFrom(5, 1000, 1000),
  growFiles: fc.constantFrom(0, 100, 100),
});
type Seed = typeof seed extends fc.Arbitrary<infer T> ? T : never;
const worlds = fc.tuple(histories, fc.array(seed, { minLength: 1, maxLength: 12, size: 'max' }));

/** Moves between a drive with a history and another one, both ways; looks at both after each, and asks each again. */
function playMoves(
  [history, seeds]: [Parameters<typeof play>[0], Seed[]],
  rule: MoveRule,
  see: (outcome: Outcome) => void = () => {},
): void {
  const home = play(history, realRule, () => {});
  const shared = otherDrive({ kind: 'home' });
  for (const { back, target, parent, name, stale, growBytes, growFiles } of seeds) {
    const [from, to] = back ? [shared, home] : [home, shared];
    const op = {
      parentId: parent === 0 ? to.drive.rootId : entryId(parent),
      name: `n${name}`,
      baseRev: Math.max(1, (from.entries.get(entryId(target))?.rev ?? 1) - stale),
    };
    const files = { growFiles, limitFiles: 0, usedFiles: 0 };
    const budget = { growBytes, limit: 'user' as const, limitBytes: 0, usedBytes: 0, files };
    const asked = moveRequest(from, to, target, op, { budget });
    const before = picture(from, to);
    const outcome = moveBetween(from, to, asked, rule);
    see(outcome);
    checkStep(before, from, to, asked, outcome);
    const after = JSON.stringify(picture(from, to));
    const again = moveBetween(from, to, asked, rule);
    expect(JSON.stringify(picture(from, to))).toBe(after);
    if (outcome.outcome === 'committed') expect(again).toEqual(outcome);
  }
}

/** Both drives by value. */
function picture(from: MemoryDrive, to: MemoryDrive) {
  const one = ({ drive, entries, revisions, changes, answers }: MemoryDrive) => ({
    drive,
    entries: [...entries],
    revisions: [...revisions].map(([id, rows]) => [id, [...rows]] as const),
    changes: [...changes],
    answers: [...answers],
  });
  return { from: one(from), to: one(to), bytes: held(to), files: heldFiles(to) };
}

function checkStep(
  before: ReturnType<typeof picture>,
  from: MemoryDrive,
  to: MemoryDrive,
  asked: DriveMoveRequest,
  outcome: Outcome,
): void {
  const now = picture(from, to);
  if (outcome.outcome !== 'committed') {
    expect(now).toEqual(before);
    return;
  }
  const { entryId: top } = asked.operation;
  expect(contents(now, top, outcome.rev)).toEqual(contents(before, top, outcome.rev));
  expect(from.entries.has(top)).toBe(false);
  const added = (to.revisions.get(top) ?? []).at(-1)!;
  expect(added).toMatchObject({ rev: outcome.rev, parentId: asked.operation.parentId, name: asked.operation.name, seq: to.drive.seq });
  expect(outcome.seq).toBe(from.drive.seq);
  for (const [drive, seq] of [[from, before.from.drive.seq] as const, [to, before.to.drive.seq] as const]) {
    expect([drive.drive.seq, drive.changes.length, drive.changes.at(-1)!.seq]).toEqual([seq + 1, seq + 1, seq + 1]);
    expect(drive.drive.ledger).toEqual(recount(drive));
    for (const law of [noCycle, uniqueNames, countersHold]) law(drive, undefined as unknown as Step);
  }
  expect(now.bytes - before.bytes).toBeLessThanOrEqual(asked.budget.growBytes);
  expect(now.files - before.files).toBeLessThanOrEqual(asked.budget.files!.growFiles);
}

/** What both drives hold together, without what a move may change: numbers of journals, and the moved entry's newest state. */
function contents({ from, to }: ReturnType<typeof picture>, top: string, newRev: number): unknown {
  const entries = [...from.entries, ...to.entries].map(([id, row]) =>
    JSON.stringify(id === top ? { id } : { ...row, seq: 0, trashed: row.trashed && { ...row.trashed, seq: 0 } }),
  );
  const revisions = [...from.revisions, ...to.revisions]
    .flatMap(([, rows]) => rows)
    .filter(({ entryId: id, rev }) => id !== top || rev < newRev)
    .map((row) => JSON.stringify({ ...row, seq: 0 }));
  return { entries: entries.toSorted(), revisions: revisions.toSorted() };
}

describe('the rule of a move between drives', () => {
  test('keeps every law, whatever the histories', () => {
    fc.assert(
      fc.property(worlds, (world) => playMoves(world, moveToDrive)),
      { numRuns: 400 },
    );
  });

  test('every outcome comes up', () => {
    const seen = new Set<string>();
    for (const world of fc.sample(worlds, 200)) playMoves(world, moveToDrive, ({ outcome }) => seen.add(outcome));
    expect([...seen].toSorted()).toEqual([
      'committed',
      'invalid_argument',
      'name_taken',
      'not_found',
      'quota_exceeded',
      'revision_conflict',
    ]);
  });
});

const plantedBugs: { bug: string; rule: MoveRule }[] = [
  { bug: 'taken names are not seen', rule: (state, asked) => moveToDrive({ ...state, target: { ...state.target!, children: [] } }, asked) },
  { bug: 'answers are forgotten', rule: (state, asked) => moveToDrive({ ...state, source: { ...state.source, answers: [] } }, asked) },
  {
    bug: 'history seems empty',
    rule: (state, asked) => {
      const sums = state.source.sums.map((sum) => ({ ...sum, history: emptyLine }));
      return moveToDrive({ ...state, source: { ...state.source, sums } }, asked);
    },
  },
  {
    bug: 'the target does not count its change',
    rule: (state, asked) => {
      const result = moveToDrive(state, asked);
      return result.result === 'moved' ? { ...result, target: { ...result.target, seq: result.target.seq - 1 } } : result;
    },
  },
  {
    bug: 'the budget has no end',
    rule: (state, asked) => moveToDrive(state, { ...asked, budget: { ...asked.budget, growBytes: Infinity, files: undefined } }),
  },
];

describe('the laws catch', () => {
  test.each(plantedBugs)('$bug', ({ rule }) => {
    const found = fc.check(
      fc.property(worlds, (world) => playMoves(world, rule)),
      { numRuns: 1000, endOnFailure: true },
    );
    expect(found.failed).toBe(true);
  });
});
