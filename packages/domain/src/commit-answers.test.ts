import { describe, expect, test } from '@jest/globals';
import { needsOf } from './commit/needs-of.ts';
import type { Outcome } from './operation.ts';
import { content, driveId, entryId, kinds, newDrive, rootId, run, writeId } from './testing/fixtures.ts';

const [a, b] = [entryId(1), entryId(2)];
const folder = (id: typeof a, name: string, n: number) => ({
  op: 'createFolder' as const,
  entryId: id,
  parentId: rootId,
  name,
  writeId: writeId(n),
});
const file = (id: typeof a, size: number) => ({
  op: 'putFile' as const,
  entryId: id,
  parentId: rootId,
  name: `f${id}`,
  content: content(size, size),
  mtimeMs: 0,
  baseRev: null,
});

describe('a repeated write', () => {
  test('answers the original, in a later commit and within one', () => {
    const drive = newDrive();
    const first = run(drive, [folder(a, 'a', 1), folder(a, 'a', 1)]);
    expect(first[1]).toEqual(first[0]);
    run(drive, [folder(b, 'b', 2)]);
    expect(run(drive, [folder(a, 'a', 1)])).toEqual([first[0]]);
    expect(drive.drive.seq).toBe(2);
  });

  test('is answered even when the drive is locked or the role is gone', () => {
    const drive = newDrive();
    const first = run(drive, [folder(a, 'a', 1)]);
    drive.drive = { ...drive.drive, locked: true };
    expect(run(drive, [folder(a, 'a', 1), folder(b, 'b', 2)])).toEqual([...first, { outcome: 'locked' }]);
    expect(run(drive, [folder(a, 'a', 1)], { role: 'viewer' })).toEqual(first);
  });

  test('the same write id on another entry is another write', () => {
    expect(kinds(run(newDrive(), [folder(a, 'a', 1), folder(b, 'b', 1)]))).toEqual(['committed', 'committed']);
  });

  test('what was refused may be asked again and is evaluated anew', () => {
    const drive = newDrive();
    run(drive, [folder(a, 'same', 1)]);
    expect(kinds(run(drive, [folder(b, 'same', 2)]))).toEqual(['name_taken']);
    run(drive, [{ op: 'move', entryId: a, baseRev: 1, parentId: rootId, name: 'away' }]);
    expect(kinds(run(drive, [folder(b, 'same', 2)]))).toEqual(['committed']);
  });
});

describe('an atomic commit', () => {
  test('with one refusal writes nothing and tells the others', () => {
    const drive = newDrive();
    const outcomes = run(drive, [folder(a, 'a', 1), folder(b, 'a', 2), folder(entryId(3), 'c', 3)], { atomic: true });
    expect(kinds(outcomes)).toEqual(['aborted', 'name_taken', 'aborted']);
    expect(drive.drive.seq).toBe(0);
    expect(drive.entries.size).toBe(0);
    expect(drive.answers.size).toBe(0);
  });

  test('still says committed of what an earlier commit wrote', () => {
    const drive = newDrive();
    run(drive, [folder(a, 'a', 1)]);
    expect(kinds(run(drive, [folder(a, 'a', 1), folder(b, 'a', 2)], { atomic: true }))).toEqual(['committed', 'name_taken']);
  });

  test('without refusals is like any other', () => {
    const drive = newDrive();
    expect(kinds(run(drive, [folder(a, 'a', 1), folder(b, 'b', 2)], { atomic: true }))).toEqual(['committed', 'committed']);
    expect(drive.drive.seq).toBe(2);
  });
});

describe('the budget', () => {
  const budget = (growBytes: number) => ({ budget: { growBytes, limit: 'user' as const, limitBytes: 100, usedBytes: 95 } });

  test('refuses what does not fit and takes what does', () => {
    expect(run(newDrive(), [file(a, 6), file(b, 5)], budget(5))).toEqual([
      { outcome: 'quota_exceeded', limit: 'user', limitBytes: 100, usedBytes: 95 },
      expect.objectContaining({ outcome: 'committed' }),
    ]);
  });

  test('counts files, those in the trash too, and neither folders nor new contents', () => {
    const files = (growFiles: number) => ({ budget: { ...budget(1000).budget, files: { growFiles, limitFiles: 7, usedFiles: 6 } } });
    const drive = newDrive();
    expect(run(drive, [folder(entryId(9), 'd', 1), file(a, 1), file(b, 1), folder(entryId(8), 'e', 2)], files(1))).toEqual([
      expect.objectContaining({ outcome: 'committed' }),
      expect.objectContaining({ outcome: 'committed' }),
      { outcome: 'quota_exceeded', limit: 'files', limitFiles: 7, usedFiles: 6 },
      expect.objectContaining({ outcome: 'committed' }),
    ]);
    const again = { ...file(a, 2), parentId: undefined, name: undefined, baseRev: 1 };
    const copied = { op: 'copy' as const, entryId: b, from: { drive: driveId, entryId: a, rev: 1 }, parentId: rootId, name: 'copy' };
    expect(kinds(run(drive, [again, copied], files(0)))).toEqual(['committed', 'quota_exceeded']);
    const trashed = run(drive, [{ op: 'delete', entryId: a, baseRev: 2, seenSeq: drive.drive.seq }, file(b, 1)], files(0));
    expect(kinds(trashed)).toEqual(['committed', 'quota_exceeded']);
    expect(kinds(run(drive, [{ op: 'purge', entryId: a }, file(b, 1)], files(0)))).toEqual(['committed', 'committed']);
  });

  test('counts what is replaced, because it stays as history', () => {
    const drive = newDrive();
    run(drive, [file(a, 10)]);
    const smaller = { ...file(a, 4), parentId: undefined, name: undefined, baseRev: 1 };
    expect(kinds(run(drive, [smaller], budget(3)))).toEqual(['quota_exceeded']);
    expect(kinds(run(drive, [smaller], budget(4)))).toEqual(['committed']);
  });

  test('never holds back what does not grow, and room made in the batch can be used in it', () => {
    const drive = newDrive();
    run(drive, [file(a, 10), file(b, 0)]);
    expect(
      kinds(
        run(
          drive,
          [
            { op: 'move', entryId: b, baseRev: 1, parentId: rootId, name: 'moved' },
            { op: 'delete', entryId: a, baseRev: 1, seenSeq: 2 },
            file(entryId(3), 0),
            file(entryId(4), 10),
            { op: 'purge', entryId: a },
            file(entryId(5), 10),
          ],
          budget(0),
        ),
      ),
    ).toEqual(['committed', 'committed', 'committed', 'quota_exceeded', 'committed', 'committed']);
  });
});

describe('who may do what', () => {
  test('a viewer writes nothing, an editor everything but purge', () => {
    const drive = newDrive();
    run(drive, [folder(a, 'a', 1), { op: 'delete', entryId: a, baseRev: 1, seenSeq: 0 }]);
    expect(kinds(run(drive, [folder(b, 'b', 2)], { role: 'viewer' }))).toEqual(['permission_denied']);
    const byEditor = run(drive, [folder(b, 'b', 2), { op: 'purge', entryId: a }], { role: 'editor' });
    expect(kinds(byEditor)).toEqual(['committed', 'permission_denied']);
    expect(kinds(run(drive, [{ op: 'purge', entryId: a }], { role: 'manager' }))).toEqual(['committed']);
  });

  test('what the caller refused already is answered as it is, and the rest goes on', () => {
    const missing: Outcome = { outcome: 'chunk_missing', digests: [content(1, 1).listId] };
    const outcomes = run(newDrive(), [file(a, 5), folder(b, 'b', 2)], { refused: new Map([[0, missing]]) });
    expect(outcomes).toEqual([missing, expect.objectContaining({ outcome: 'committed' })]);
  });
});

describe('needsOf', () => {
  test('names both ends of a move, once each, and normalised places', () => {
    const move = { op: 'move' as const, entryId: a, parentId: b, name: 'e\u0301', baseRev: 1, writeId: writeId(1) };
    const needs = needsOf([move, move]);
    expect(needs.entryIds).toEqual([a, b]);
    expect(needs.places).toEqual([{ parentId: b, name: '\u00e9' }]);
    expect(needs.writes).toHaveLength(1);
    expect(needs).toMatchObject({ sums: [], seen: undefined, ownPlaces: [], revisions: [] });
  });

  test('asks for sums and changes only where something is deleted, and then also of what moves', () => {
    const needs = needsOf([
      { op: 'move', entryId: a, parentId: rootId, name: 'x', baseRev: 1, writeId: writeId(1) },
      { op: 'delete', entryId: b, baseRev: 1, seenSeq: 9, writeId: writeId(2) },
      { op: 'delete', entryId: a, baseRev: 1, seenSeq: 4, writeId: writeId(3) },
    ]);
    expect(needs.sums).toEqual([a, b]);
    expect(needs.seen).toEqual({ afterSeq: 4, deleted: [b, a] });
  });
});
