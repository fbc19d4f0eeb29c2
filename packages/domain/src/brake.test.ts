import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { brakeLimit, countLost, currentActivity, defaultBrakePolicy, judgeByBrake, type BrakePolicy } from './brake.ts';
import { needsOf } from './commit/needs-of.ts';
import type { Operation } from './operation.ts';
import { content, entryId, expectDone, newDrive, request, rootId, run, writeId } from './testing/fixtures.ts';
import { histories, play, realRule } from './testing/history.ts';

const policies: fc.Arbitrary<BrakePolicy> = fc.record({
  on: fc.constant(true),
  files: fc.integer({ min: 1, max: 50 }),
  percent: fc.integer({ min: 1, max: 100 }),
  mostFiles: fc.integer({ min: 50, max: 200 }),
  windowMinutes: fc.integer({ min: 1, max: 10 }),
});
const commits = fc.array(fc.record({ lost: fc.nat(30), afterMs: fc.nat(200_000) }), { maxLength: 60 });

test('whatever comes in whatever pieces, no window takes more than the limit away, and nothing less is held', () => {
  fc.assert(
    fc.property(policies, commits, fc.nat(1_000), (policy, all, files) => {
      const { drive } = newDrive({ ledger: { ...newDrive().drive.ledger, current: { files, bytes: 0 } } });
      let last: Parameters<typeof currentActivity>[1];
      let nowMs = 0;
      for (const { lost, afterMs } of all) {
        nowMs += afterMs;
        const before = currentActivity(policy, last, drive, nowMs);
        const { verdict, activity, limitFiles } = judgeByBrake(policy, before, lost);
        expect(verdict).toBe(lost > 0 && before.lostFiles + lost > limitFiles ? 'held' : 'go');
        if (verdict === 'held') return;
        expect(activity.lostFiles).toBeLessThanOrEqual(brakeLimit(policy, files));
        expect(nowMs - activity.sinceMs).toBeLessThan(policy.windowMinutes * 60_000);
        last = activity;
      }
    }),
  );
});

test('the limit is the share of a large drive, within its bounds, and no policy that is off holds anything', () => {
  const at = (files: number) => brakeLimit(defaultBrakePolicy, files);
  expect([at(0), at(3_000), at(40_000), at(10_000_000)]).toEqual([1_000, 1_000, 10_000, 20_000]);
  const before = { sinceMs: 0, sinceSeq: 0, driveFiles: 10, lostFiles: 0, touchedMs: undefined };
  expect(judgeByBrake({ ...defaultBrakePolicy, on: false }, before, 1e9).verdict).toBe('go');
  expect(judgeByBrake(defaultBrakePolicy, { ...before, lostFiles: 5_000 }, 0).verdict).toBe('go');
});

test('nothing is counted for what takes nothing away, and never more than there was', () => {
  fc.assert(
    fc.property(histories, (batches) => {
      play(
        batches,
        (state, asked) => {
          const done = realRule(state, asked);
          if (done.result !== 'done') throw new Error('a history is never refused as a whole');
          const takes = done.changes.some(({ action }) => action === 'trashed' || action === 'purged');
          const rewrites = done.revisions.some(({ charged, rev }) => charged && rev > 1);
          const { files: lost } = countLost(state, done, 0);
          if (!takes && !rewrites) expect(lost).toBe(0);
          expect(lost).toBeLessThanOrEqual(state.entries.length + state.sums.reduce((sum, { all }) => sum + all.files, 0));
          return done;
        },
        () => {},
      );
    }),
    { numRuns: 10 },
  );
});

let writes = 0x9000;
type Bare<T> = T extends Operation ? Omit<T, 'writeId'> : never;

/** What a commit of this operation counts. */
function lostBy(drive: ReturnType<typeof newDrive>, operation: Bare<Operation>, sinceSeq: number) {
  const asked = request([{ ...operation, writeId: writeId((writes += 1)) }]);
  const state = drive.load(needsOf(asked.operations), asked.limits.seenChanges);
  return countLost(state, expectDone(drive.commit(asked)), sinceSeq).files;
}

function drivenWith(files: number) {
  const drive = newDrive();
  const folder = entryId(1);
  run(drive, [{ op: 'createFolder', entryId: folder, parentId: rootId, name: 'folder' }]);
  for (let n = 0; n < files; n += 1)
    run(drive, [
      { op: 'putFile', entryId: entryId(2 + n), parentId: folder, name: `f${n}`, baseRev: null, content: content(n + 1, 5), mtimeMs: 0 },
    ]);
  return { drive, folder };
}

test('a folder counts for all that goes with it, a rewritten file for one, and a file of this window for none', () => {
  const rewrite = { op: 'putFile' as const, entryId: entryId(2), baseRev: 1, content: content(99, 5), mtimeMs: 1 };
  const first = drivenWith(7);
  expect(lostBy(first.drive, rewrite, first.drive.drive.seq)).toBe(1);
  const again = { ...rewrite, baseRev: 2, content: content(98, 5) };
  expect(lostBy(first.drive, again, first.drive.drive.seq - 1)).toBe(0);
  const { drive, folder } = drivenWith(7);
  const { seq } = drive.drive;
  expect(lostBy(drive, { op: 'delete', entryId: folder, baseRev: 1, seenSeq: seq }, seq)).toBe(7);
  // It was counted; in the next window it counts for what goes then.
  expect(lostBy(drive, { op: 'purge', entryId: folder }, seq + 1)).toBe(7);
});

test('renaming first does not make a file fresh', () => {
  const { drive, folder } = drivenWith(1);
  const { seq } = drive.drive;
  run(drive, [{ op: 'move', entryId: entryId(2), parentId: folder, name: 'f0.locked', baseRev: 1 }]);
  expect(lostBy(drive, { op: 'putFile', entryId: entryId(2), baseRev: 2, content: content(99, 5), mtimeMs: 1 }, seq)).toBe(1);
});
