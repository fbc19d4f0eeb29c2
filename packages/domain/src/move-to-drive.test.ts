import { describe, expect, test } from '@jest/globals';
import { moveToDrive } from './commit/move-to-drive.ts';
import type { DriveMove, DriveMoveRequest } from './commit/move-to-drive.ts';
import type { Drive } from './drive.ts';
import type { DriveId } from './ids.ts';
import { maxMovedEntries } from './limits.ts';
import { loadMove } from './memory-move.ts';
import { livePath } from './read-drive.ts';
import { entryId, run, uuid } from './testing/fixtures.ts';
import { fullHome, moveBetween, moveRequest, otherDrive, otherId } from './testing/two-drives.ts';

describe('a folder moves to another drive', () => {
  test('with its files, their history and what is in the trash below it', () => {
    const [home, shared] = [fullHome(), otherDrive()];
    const outcome = moveBetween(home, shared, moveRequest(home, shared, 1, { parentId: entryId(102), name: 'docs' }));
    expect(outcome).toEqual({ outcome: 'committed', entryId: entryId(1), rev: 2, seq: 7 });
    expect([...home.entries.keys()]).toEqual([]);
    expect(livePath(shared, entryId(2))).toEqual(['n0', 'n1', 'docs', 'a']);
    expect(shared.revisions.get(entryId(2))!.map(({ rev, body }) => [rev, body.kind === 'file' && body.content.sizeBytes])).toEqual([
      [1, 10],
      [2, 5],
    ]);
    expect(shared.entries.get(entryId(3))!.trashed).toMatchObject({ seq: 5 });
    expect(shared.drive.ledger).toEqual({
      current: { files: 1, bytes: 5 },
      history: { files: 1, bytes: 10 },
      trash: { files: 1, bytes: 7 },
    });
    run(shared, [{ op: 'untrash', entryId: entryId(3) }], { driveEpoch: 'two' });
    expect(livePath(shared, entryId(3))).toEqual(['n0', 'n1', 'docs', 'b']);
  });

  test('one change in each journal, and the source remembers where it went', () => {
    const [home, shared] = [fullHome(), otherDrive()];
    const asked = moveRequest(home, shared, 1);
    const result = moveToDrive(loadMove(home, shared, asked.operation), asked);
    expect(result).toMatchObject({
      result: 'moved',
      source: { seq: 7, changes: [{ seq: 7, action: 'movedAway', entryId: entryId(1), rev: 2 }], grownBytes: -22, grownFiles: -2 },
      target: { seq: 5, changes: [{ seq: 5, action: 'moved', entryId: entryId(1), rev: 2 }], grownBytes: 22, grownFiles: 2 },
      departure: { entryId: entryId(1), seq: 7, drive: otherId, targetSeq: 5, parentId: home.drive.rootId, name: 'docs' },
    });
  });

  test('an edit in between does not matter', () => {
    const [home, shared] = [fullHome(), otherDrive()];
    const outcome = moveBetween(home, shared, moveRequest(home, shared, 2, { baseRev: 1 }));
    expect(outcome).toMatchObject({ outcome: 'committed', rev: 3 });
  });

  test('a mount moves to a home drive', () => {
    const [home, other] = [homeWithMount(), otherDrive({ kind: 'home' })];
    expect(moveBetween(home, other, moveRequest(home, other, 1))).toMatchObject({ outcome: 'committed' });
  });
});

function homeWithMount() {
  const home = fullHome();
  home.entries.set(entryId(4), { ...home.entries.get(entryId(4))!, body: { kind: 'mount', drive: uuid(0xd3) as DriveId } });
  return home;
}

type Row = {
  why: string;
  answer: object;
  n?: number;
  op?: Partial<DriveMove>;
  over?: Partial<DriveMoveRequest>;
  source?: Partial<Drive>;
  target?: Partial<Drive>;
};
const budget = { growBytes: 22, limit: 'user' as const, limitBytes: 30, usedBytes: 8 };
const files = { growFiles: 1, limitFiles: 9, usedFiles: 8 };
const refusals: Row[] = [
  { why: 'a viewer of the source', over: { role: 'viewer' }, answer: { outcome: 'permission_denied' } },
  { why: 'a viewer of the target', over: { targetRole: 'viewer' }, answer: { outcome: 'permission_denied' } },
  { why: 'a stranger to the target', over: { targetRole: undefined }, answer: { outcome: 'not_found' } },
  { why: 'a locked source', source: { locked: true }, answer: { outcome: 'locked' } },
  { why: 'a locked target', target: { locked: true }, answer: { outcome: 'locked' } },
  { why: 'no such entry', n: 77, answer: { outcome: 'not_found' } },
  { why: 'an entry in the trash', n: 3, answer: { outcome: 'revision_conflict', current: { rev: 2, seq: 6, deleted: true } } },
  { why: 'a state that is not there yet', op: { baseRev: 9 }, answer: { outcome: 'revision_conflict' } },
  { why: 'a taken name', op: { name: 'n0' }, answer: { outcome: 'name_taken', entryId: entryId(101) } },
  { why: 'no name', op: { name: 'a/b' }, answer: { outcome: 'invalid_argument' } },
  { why: 'a parent that is not in the target', op: { parentId: entryId(4) }, answer: { outcome: 'not_found' } },
  { why: 'a parent in the trash', op: { parentId: entryId(103) }, answer: { outcome: 'not_found' } },
  { why: 'a byte too many', over: { budget: { ...budget, growBytes: 21 } }, answer: { outcome: 'quota_exceeded', limit: 'user' } },
  { why: 'a file too many', over: { budget: { ...budget, files } }, answer: { outcome: 'quota_exceeded', limit: 'files' } },
];

describe('a move to another drive is refused', () => {
  test.each(refusals)('$why', ({ n = 1, op, over, source, target, answer }) => {
    const [home, shared] = [fullHome(), otherDrive()];
    home.drive = { ...home.drive, ...source };
    shared.drive = { ...shared.drive, ...target };
    const before = [home.drive, shared.drive];
    expect(moveBetween(home, shared, moveRequest(home, shared, n, op, over))).toMatchObject(answer);
    expect([home.drive, shared.drive]).toEqual(before);
  });

  test('exactly what there is room for is not', () => {
    const [home, shared] = [fullHome(), otherDrive()];
    const room = { ...budget, files: { ...files, growFiles: 2 } };
    expect(moveBetween(home, shared, moveRequest(home, shared, 1, {}, { budget: room }))).toMatchObject({ outcome: 'committed' });
  });

  test('the root', () => {
    const [home, shared] = [fullHome(), otherDrive()];
    const asked = moveRequest(home, shared, 1, { entryId: home.drive.rootId });
    expect(moveBetween(home, shared, asked)).toMatchObject({ outcome: 'invalid_argument' });
  });

  test('with a mount below, to a shared drive', () => {
    const [home, shared] = [homeWithMount(), otherDrive()];
    expect(moveBetween(home, shared, moveRequest(home, shared, 1))).toMatchObject({ outcome: 'invalid_argument' });
    expect(moveBetween(home, shared, moveRequest(home, shared, 4))).toMatchObject({ outcome: 'invalid_argument' });
  });

  test.each([
    [maxMovedEntries, 'moved'],
    [maxMovedEntries + 1, 'answered'],
  ])('%i entries below: %s', (entries, result) => {
    const [home, shared] = [fullHome(), otherDrive()];
    const asked = moveRequest(home, shared, 1);
    const state = loadMove(home, shared, asked.operation);
    expect(moveToDrive({ ...state, below: { ...state.below, entries } }, asked)).toMatchObject({ result });
  });

  test('another epoch, a drive that is not there', () => {
    const [home, shared] = [fullHome(), otherDrive()];
    const asked = moveRequest(home, shared, 1, {}, { driveEpoch: 'none' });
    expect(moveToDrive(loadMove(home, shared, asked.operation), asked)).toEqual({ result: 'cursor_expired' });
    const lost = moveRequest(home, shared, 1);
    expect(moveToDrive(loadMove(home, undefined, lost.operation), lost)).toMatchObject({ outcome: { outcome: 'not_found' } });
  });
});
