import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { ShareRequest } from './commit/share-folder.ts';
import type { UnshareRequest } from './commit/unshare-drive.ts';
import type { Drive } from './drive.ts';
import { maxMovedEntries } from './limits.ts';
import type { MemoryDrive } from './memory-drive.ts';
import { recount } from './memory-ledger.ts';
import { livePath } from './read-drive.ts';
import { entryId, newDrive, rootId, run, uuid } from './testing/fixtures.ts';
import { histories, play, realRule } from './testing/history.ts';
import { countersHold, noCycle, uniqueNames } from './testing/laws.ts';
import type { Step } from './testing/history.ts';
import { idsBelow, mountId, share, sharedId, shareRequest, unshare } from './testing/sharing.ts';
import { fullHome } from './testing/two-drives.ts';
import { shareFolder } from './commit/share-folder.ts';
import type { DriveId } from './ids.ts';

/** Both drives are trees with unique names and journals without a gap, and their ledgers are right. */
function expectWhole(...drives: MemoryDrive[]): void {
  for (const drive of drives) {
    expect(drive.drive.ledger).toEqual(recount(drive));
    expect(drive.changes.map(({ seq }) => seq)).toEqual(drive.changes.map((_, at) => at + 1));
    for (const law of [noCycle, uniqueNames, countersHold]) law(drive, undefined as unknown as Step);
  }
}

describe('a folder is shared', () => {
  test('as the root of a new drive, with a mount in its place', () => {
    const home = fullHome();
    const { made, result } = share(home, shareRequest(home, 1));
    expect(result).toMatchObject({
      result: 'shared',
      name: 'docs',
      drive: { driveId: sharedId, rootId: entryId(1), kind: 'shared', seq: 0 },
      source: {
        seq: 8,
        changes: [
          { seq: 7, action: 'movedAway' },
          { seq: 8, action: 'created', entryId: mountId },
        ],
        grownBytes: -22,
      },
      target: { seq: 1, changes: [{ seq: 1, action: 'moved', entryId: entryId(1) }], grownBytes: 22, grownFiles: 2 },
      departure: { entryId: entryId(1), seq: 7, drive: sharedId, targetSeq: 1, name: 'docs' },
    });
    expect([...home.entries.values()].map(({ name, body }) => [name, body])).toEqual([['docs', { kind: 'mount', drive: sharedId }]]);
    expect(livePath(made!, entryId(2))).toEqual(['a']);
    expectWhole(home, made!);
  });

  const refusals: { why: string; n?: number; over?: Partial<ShareRequest>; home?: Partial<Drive>; answer: object }[] = [
    { why: 'by somebody who is not its owner', over: { role: 'manager' }, answer: { outcome: 'permission_denied' } },
    { why: 'while its drive is locked', home: { locked: true }, answer: { outcome: 'locked' } },
    { why: 'within a shared drive', home: { kind: 'shared' }, answer: { outcome: 'invalid_argument' } },
    { why: 'when it is a file', n: 2, answer: { outcome: 'invalid_argument' } },
    { why: 'when it is the root', over: { entryId: rootId }, answer: { outcome: 'invalid_argument' } },
    { why: 'when there is none', n: 77, answer: { outcome: 'not_found' } },
    { why: 'when it moved meanwhile', over: { baseRev: 9 }, answer: { outcome: 'revision_conflict' } },
    {
      why: 'with what its owner had not seen',
      over: { seenSeq: 4 },
      answer: { outcome: 'revision_conflict', entries: [entryId(4), entryId(3)] },
    },
  ];
  test.each(refusals)('but not $why', ({ n = 1, over, home: drive, answer }) => {
    const home = fullHome();
    home.drive = { ...home.drive, ...drive };
    const { entries, changes } = { entries: new Map(home.entries), changes: [...home.changes] };
    const { result } = share(home, shareRequest(home, n, over));
    if (result.result !== 'answered') throw new Error(`not answered: ${result.result}`);
    expect({
      ...result.outcome,
      ...('entries' in result.outcome ? { entries: [...(result.outcome.entries ?? [])].toSorted() } : {}),
    }).toMatchObject('entries' in answer ? { ...answer, entries: [...(answer.entries as string[])].toSorted() } : answer);
    expect([home.entries, home.changes]).toEqual([entries, changes]);
  });

  test('but not with a mount in it, nor with more than moves at once, nor in another epoch', () => {
    const home = fullHome();
    const asked = shareRequest(home, 1);
    const state = {
      source: home.load(
        {
          entryIds: [entryId(1)],
          targetIds: [],
          places: [],
          ownPlaces: [],
          writes: [],
          revisions: [],
          sums: [entryId(1)],
          seen: undefined,
          mountable: [],
        },
        0,
      ),
      below: { entries: 3, hasMount: false },
    };
    expect(shareFolder(state, asked)).toMatchObject({ result: 'shared' });
    expect(shareFolder({ ...state, below: { entries: 3, hasMount: true } }, asked)).toMatchObject({
      outcome: { outcome: 'invalid_argument' },
    });
    expect(shareFolder({ ...state, below: { entries: maxMovedEntries + 1, hasMount: false } }, asked)).toMatchObject({
      outcome: { outcome: 'too_large' },
    });
    expect(shareFolder(state, { ...asked, driveEpoch: 'none' })).toEqual({ result: 'cursor_expired' });
  });
});

describe('a drive is unshared', () => {
  test('into the place of its mount, with the revisions that it had as a folder', () => {
    const home = fullHome();
    const { made } = share(home, shareRequest(home, 1));
    expect(unshare(made!, home, { name: 'docs' })).toMatchObject({
      result: 'unshared',
      folder: { entryId: entryId(1), parentId: rootId, name: 'docs', rev: 3, seq: 11 },
      target: {
        changes: [
          { action: 'purged', entryId: mountId, seq: 9 },
          { action: 'moved', rev: 2, seq: 10 },
          { action: 'moved', rev: 3, seq: 11 },
        ],
        purged: [mountId],
      },
    });
    expect(livePath(home, entryId(2))).toEqual(['docs', 'a']);
    expect(home.revisions.get(entryId(1))!.map(({ rev }) => rev)).toEqual([1, 2, 3]);
    expectWhole(home);
  });

  const refusals: { why: string; over?: Partial<UnshareRequest>; from?: Partial<Drive>; into?: Partial<Drive>; answer: object }[] = [
    { why: 'by a manager', over: { role: 'manager' }, answer: { outcome: 'permission_denied' } },
    { why: 'when it is a home drive', from: { kind: 'home' }, answer: { outcome: 'permission_denied' } },
    { why: 'while it is locked', from: { locked: true }, answer: { outcome: 'locked' } },
    { why: 'into a locked drive', into: { locked: true }, answer: { outcome: 'locked' } },
    { why: 'into a drive that one may not know', over: { targetRole: undefined }, answer: { outcome: 'not_found' } },
    { why: 'into a drive that one may only read', over: { targetRole: 'viewer' }, answer: { outcome: 'permission_denied' } },
    { why: 'into itself', into: { driveId: sharedId }, answer: { outcome: 'invalid_argument' } },
    { why: 'under a name that is taken', over: { name: 'other' }, answer: { outcome: 'name_taken' } },
    { why: 'under a name that is none', over: { name: '..' }, answer: { outcome: 'invalid_argument' } },
    {
      why: 'where there is no room',
      over: { budget: { growBytes: 21, limit: 'user', limitBytes: 30, usedBytes: 9 } },
      answer: { outcome: 'quota_exceeded', usedBytes: 9 },
    },
  ];
  test.each(refusals)('but not $why', ({ over, from, into, answer }) => {
    const home = fullHome();
    run(home, [{ op: 'createFolder', entryId: entryId(5), parentId: rootId, name: 'other' }]);
    const { made } = share(home, shareRequest(home, 1));
    made!.drive = { ...made!.drive, ...from };
    home.drive = { ...home.drive, ...into };
    expect(unshare(made!, home, over)).toMatchObject({ result: 'answered', outcome: answer });
  });

  test('a drive with nothing in it, that never was a folder, too', () => {
    const home = newDrive();
    const empty = newDrive({ driveId: uuid(0xd8) as DriveId, rootId: entryId(200), kind: 'shared' });
    expect(unshare(empty, home)).toMatchObject({ result: 'unshared', folder: { entryId: entryId(200), rev: 2, name: 'back' } });
    expectWhole(home);
  });
});

test('whatever was done before, there and back again everything is as it was, and in between nothing is lost', () => {
  let shared = 0;
  fc.assert(
    fc.property(histories, fc.integer({ min: 1, max: 9 }), (history, n) => {
      const home = play(history, realRule, () => {});
      const before = home.entries.get(entryId(n));
      const ids = new Set(home.entries.keys());
      const below = idsBelow(home, entryId(n));
      const { made } = share(home, shareRequest(home, n));
      if (made === undefined || before === undefined) return;
      shared += 1;
      expectWhole(home, made);
      expect([...made.entries.keys()].toSorted()).toEqual(below.toSorted());
      expect(new Set([...home.entries.keys(), ...below, before.entryId])).toEqual(new Set([...ids, mountId]));
      expect(unshare(made, home, { parentId: before.parentId, name: before.name })).toMatchObject({ result: 'unshared' });
      expectWhole(home);
      expect(new Set(home.entries.keys())).toEqual(ids);
    }),
    { numRuns: 300 },
  );
  expect(shared).toBeGreaterThan(20);
});
