import { describe, expect, test } from '@jest/globals';
import type { Digest } from './digest.ts';
import type { DriveId } from './ids.ts';
import { content, driveId, entryId, kinds, newDrive, request, rootId, run, uuid, writeId } from './testing/fixtures.ts';
import { defaultLimits } from './limits.ts';

const [a, b, c] = [entryId(1), entryId(2), entryId(3)];
const file = { op: 'putFile' as const, content: content(1, 10), mtimeMs: 5, baseRev: null };
const folder = { op: 'createFolder' as const, parentId: rootId };
const committed = (id: typeof a, rev: number, seq: number) => ({ outcome: 'committed', entryId: id, rev, seq });

describe('creating', () => {
  test('a batch makes a folder and fills it', () => {
    const drive = newDrive();
    const outcomes = run(drive, [
      { ...folder, entryId: a, name: 'docs' },
      { ...file, entryId: b, parentId: a, name: 'x' },
    ]);
    expect(outcomes).toEqual([committed(a, 1, 1), committed(b, 1, 2)]);
    expect(drive.drive).toMatchObject({ seq: 2, ledger: { current: { files: 1, bytes: 10 } } });
  });

  test('names are normalised, so a look-alike in NFD is taken', () => {
    const drive = newDrive();
    expect(
      run(drive, [
        { ...folder, entryId: a, name: 'e\u0301' },
        { ...folder, entryId: b, name: '\u00e9' },
      ]),
    ).toEqual([committed(a, 1, 1), { outcome: 'name_taken', entryId: a }]);
    expect(drive.entries.get(a)?.name).toBe('\u00e9');
  });

  test.each([['..'], ['a/b'], ['']])('the name %j is refused', (name) => {
    expect(kinds(run(newDrive(), [{ ...folder, entryId: a, name }]))).toEqual(['invalid_argument']);
  });

  test('an id that is known is refused without a word about where', () => {
    const drive = newDrive({}, { elsewhere: (id) => (id === b ? 'used' : undefined) });
    run(drive, [{ ...folder, entryId: a, name: 'a' }]);
    const outcomes = run(drive, [
      { ...folder, entryId: a, name: 'again' },
      { ...folder, entryId: b, name: 'other' },
      { ...folder, entryId: rootId, name: 'root' },
    ]);
    expect(outcomes).toEqual([{ outcome: 'already_exists' }, { outcome: 'already_exists' }, { outcome: 'already_exists' }]);
  });

  test('the parent must be a live folder', () => {
    const drive = newDrive();
    run(drive, [
      { ...file, entryId: a, parentId: rootId, name: 'f' },
      { ...folder, entryId: b, name: 'gone' },
    ]);
    run(drive, [{ op: 'delete', entryId: b, baseRev: 1, seenSeq: 2 }]);
    const into = (parentId: typeof a) => run(drive, [{ ...folder, entryId: c, parentId, name: 'x' }])[0];
    expect(into(a)).toEqual({ outcome: 'invalid_argument', detail: 'the parent is not a folder' });
    expect(into(b)).toEqual({ outcome: 'not_found', detail: 'the parent folder is in the trash' });
    expect(into(entryId(99))).toEqual({ outcome: 'not_found', detail: 'the parent folder does not exist' });
  });

  test('a new file needs a whole place', () => {
    const outcomes = run(newDrive(), [
      { ...file, entryId: a },
      { ...file, entryId: b, name: 'x' },
    ]);
    expect(kinds(outcomes)).toEqual(['invalid_argument', 'invalid_argument']);
  });

  test('depth ends at the limit', () => {
    const drive = newDrive();
    const limits = { ...defaultLimits, depth: 2 };
    const outcomes = run(
      drive,
      [
        { ...folder, entryId: a, name: 'a' },
        { ...folder, entryId: b, parentId: a, name: 'b' },
        { ...folder, entryId: c, parentId: b, name: 'c' },
      ],
      { limits },
    );
    expect(kinds(outcomes)).toEqual(['committed', 'committed', 'invalid_argument']);
  });
});

describe('content', () => {
  test('sizes that do not add up are refused, a segmented list is taken by its id', () => {
    const list = { listId: 'f'.repeat(64) as Digest, sizeBytes: 99, chunks: undefined };
    const place = { parentId: rootId };
    const outcomes = run(newDrive(), [
      { ...file, entryId: a, ...place, name: 'a', content: { ...content(1, 10), sizeBytes: 11 } },
      { ...file, entryId: b, ...place, name: 'b', content: list },
      { ...file, entryId: c, ...place, name: 'c', content: { ...list, sizeBytes: -1 } },
    ]);
    expect(kinds(outcomes)).toEqual(['invalid_argument', 'committed', 'invalid_argument']);
  });

  test('a file beyond the limit is too large', () => {
    const limits = { ...defaultLimits, fileBytes: 9 };
    expect(kinds(run(newDrive(), [{ ...file, entryId: a, parentId: rootId, name: 'a' }], { limits }))).toEqual(['too_large']);
  });

  test('what is replaced becomes history; the same bytes again, attributes and names cost nothing', () => {
    const drive = newDrive();
    run(drive, [{ ...file, entryId: a, parentId: rootId, name: 'a' }]);
    run(drive, [{ ...file, entryId: a, baseRev: 1, content: content(2, 7) }]);
    run(drive, [{ ...file, entryId: a, baseRev: 2, content: content(2, 7), mtimeMs: 9 }]);
    run(drive, [
      { op: 'setAttributes', entryId: a, baseRev: 3, executable: true },
      { op: 'move', entryId: a, baseRev: 4, parentId: rootId, name: 'z' },
    ]);
    expect(drive.drive.ledger).toMatchObject({ current: { files: 1, bytes: 7 }, history: { files: 1, bytes: 10 }, trash: { files: 0 } });
    expect(drive.entries.get(a)).toMatchObject({ rev: 5, contentRev: 4, placeRev: 5, body: { executable: true, mtimeMs: 9 } });
  });

  test('an old revision comes back as a new one and the executable bit with it', () => {
    const drive = newDrive();
    run(drive, [{ ...file, entryId: a, parentId: rootId, name: 'a', executable: true }]);
    run(drive, [{ ...file, entryId: a, baseRev: 1, content: content(2, 7), executable: false }]);
    run(drive, [{ op: 'restoreRevision', entryId: a, rev: 1 }]);
    expect(drive.entries.get(a)).toMatchObject({ rev: 3, body: { content: content(1, 10), executable: true } });
    expect(kinds(run(drive, [{ op: 'restoreRevision', entryId: a, rev: 9 }]))).toEqual(['not_found']);
  });

  test('kinds never change', () => {
    const drive = newDrive();
    run(drive, [
      { ...folder, entryId: a, name: 'a' },
      { ...file, entryId: b, parentId: rootId, name: 'b' },
    ]);
    const outcomes = run(drive, [
      { ...file, entryId: a, baseRev: 1 },
      { op: 'putSymlink', entryId: b, baseRev: 1, target: 't', mtimeMs: 0 },
      { op: 'setAttributes', entryId: a, baseRev: 1, mtimeMs: 1 },
      { op: 'restoreRevision', entryId: a, rev: 1 },
    ]);
    expect(kinds(outcomes)).toEqual(Array.from({ length: 4 }, () => 'invalid_argument'));
  });

  test.each(['', 'a\0', '\ud800', 'x'.repeat(4096)])('a symlink target %# is refused', (target) => {
    const outcomes = run(newDrive(), [{ op: 'putSymlink', entryId: a, parentId: rootId, name: 'l', target, mtimeMs: 0, baseRev: null }]);
    expect(kinds(outcomes)).toEqual(['invalid_argument']);
  });
});

describe('a stale writer', () => {
  const drive = () => {
    const fresh = newDrive();
    run(fresh, [
      { ...file, entryId: a, parentId: rootId, name: 'a' },
      { ...folder, entryId: b, name: 'b' },
    ]);
    return fresh;
  };
  const rename = { op: 'move' as const, entryId: a, parentId: rootId, name: 'renamed', baseRev: 1 };
  const edit = { ...file, entryId: a, baseRev: 1, content: content(2, 20) };

  test('edits over a pure rename, and the name stays', () => {
    const world = drive();
    expect(kinds(run(world, [rename, edit]))).toEqual(['committed', 'committed']);
    expect(world.entries.get(a)).toMatchObject({ name: 'renamed', rev: 3, contentRev: 3, placeRev: 2 });
  });

  test('renames over a pure edit, and the content stays', () => {
    const world = drive();
    expect(kinds(run(world, [edit, rename]))).toEqual(['committed', 'committed']);
    expect(world.entries.get(a)).toMatchObject({ name: 'renamed', body: { content: content(2, 20) } });
  });

  test('does not edit over an edit, nor move over a move, nor rename while editing over a rename', () => {
    const world = drive();
    const [, second] = run(world, [edit, { ...edit, content: content(3, 1) }]);
    expect(second).toEqual({ outcome: 'revision_conflict', current: { rev: 2, seq: 3, deleted: false } });
    expect(
      kinds(
        run(world, [
          { ...rename, baseRev: 2 },
          { ...rename, name: 'other' },
        ]),
      ),
    ).toEqual(['committed', 'revision_conflict']);
    expect(kinds(run(world, [{ ...edit, baseRev: 2, parentId: rootId, name: 'third' }]))).toEqual(['revision_conflict']);
  });

  test('does not edit over changed attributes', () => {
    const world = drive();
    run(world, [{ op: 'setAttributes', entryId: a, baseRev: 1, mtimeMs: 77 }]);
    expect(kinds(run(world, [edit]))).toEqual(['revision_conflict']);
  });

  test('is told that the entry was deleted, by itself or with its folder', () => {
    const world = drive();
    run(world, [{ op: 'move', entryId: a, baseRev: 1, parentId: b, name: 'a' }]);
    run(world, [{ op: 'delete', entryId: b, baseRev: 1, seenSeq: 3 }]);
    expect(run(world, [edit])[0]).toMatchObject({ outcome: 'revision_conflict', current: { deleted: true } });
    expect(run(world, [{ ...rename, baseRev: 2 }])[0]).toMatchObject({ outcome: 'revision_conflict', current: { deleted: true } });
  });

  test('cannot claim a revision that does not exist yet', () => {
    expect(kinds(run(drive(), [{ ...edit, baseRev: 7 }]))).toEqual(['revision_conflict']);
  });
});

describe('moving', () => {
  test('into itself or its own descendant is refused', () => {
    const drive = newDrive();
    run(drive, [
      { ...folder, entryId: a, name: 'a' },
      { ...folder, entryId: b, parentId: a, name: 'b' },
    ]);
    const outcomes = run(drive, [
      { op: 'move', entryId: a, baseRev: 1, parentId: b, name: 'x' },
      { op: 'move', entryId: a, baseRev: 1, parentId: a, name: 'x' },
    ]);
    const refused = { outcome: 'invalid_argument', detail: 'a folder cannot be moved into itself' };
    expect(outcomes).toEqual([refused, refused]);
  });

  test('two folders cannot be moved into each other in one batch', () => {
    const drive = newDrive();
    run(drive, [
      { ...folder, entryId: a, name: 'a' },
      { ...folder, entryId: b, name: 'b' },
    ]);
    expect(
      kinds(
        run(drive, [
          { op: 'move', entryId: a, baseRev: 1, parentId: b, name: 'x' },
          { op: 'move', entryId: b, baseRev: 1, parentId: a, name: 'x' },
        ]),
      ),
    ).toEqual(['committed', 'invalid_argument']);
  });

  test('two names are swapped through a third in one batch', () => {
    const drive = newDrive();
    run(drive, [
      { ...folder, entryId: a, name: 'a' },
      { ...folder, entryId: b, name: 'b' },
    ]);
    const move = (id: typeof a, baseRev: number, name: string) => ({ op: 'move' as const, entryId: id, baseRev, parentId: rootId, name });
    const outcomes = run(drive, [move(a, 1, 'b'), move(a, 1, 'tmp'), move(b, 1, 'a'), move(a, 2, 'b')]);
    expect(kinds(outcomes)).toEqual(['name_taken', 'committed', 'committed', 'committed']);
  });

  test('the root stays, and other drives are out of reach', () => {
    const drive = newDrive();
    run(drive, [{ ...folder, entryId: a, name: 'a' }]);
    const outcomes = run(drive, [
      { op: 'move', entryId: rootId, baseRev: 1, parentId: a, name: 'x' },
      { op: 'delete', entryId: rootId, baseRev: 1, seenSeq: 1 },
      { op: 'move', entryId: a, baseRev: 1, parentId: rootId, name: 'x', toDrive: uuid(77) as DriveId },
      { op: 'move', entryId: a, baseRev: 1, parentId: rootId, name: 'y', toDrive: driveId },
    ]);
    expect(kinds(outcomes)).toEqual(['invalid_argument', 'invalid_argument', 'invalid_argument', 'committed']);
  });

  test('what went to another drive answers moved to who may read it there, and not_found to others', () => {
    const there = uuid(77) as DriveId;
    const drive = newDrive({}, { elsewhere: (id) => (id === a ? { movedTo: there } : id === b ? 'used' : undefined) });
    const outcomes = run(drive, [
      { ...file, entryId: a, baseRev: 1 },
      { ...file, entryId: b, baseRev: 1 },
    ]);
    expect(outcomes).toEqual([{ outcome: 'moved', drive: there }, { outcome: 'not_found' }]);
  });
});

describe('copies and mounts', () => {
  const there = uuid(77) as DriveId;

  test('a revision of this or another readable drive becomes a file here', () => {
    const other = newDrive({ driveId: there });
    run(other, [{ ...file, entryId: c, parentId: rootId, name: 'c' }]);
    const drive = newDrive({}, { revision: (id, entry, rev) => (id === there ? other.revision(entry, rev) : undefined) });
    const copy = (entry: typeof a, name: string, from: DriveId, rev: number) => ({
      op: 'copy' as const,
      entryId: entry,
      parentId: rootId,
      name,
      from: { drive: from, entryId: from === there ? c : a, rev },
    });
    const outcomes = run(drive, [copy(a, 'a', there, 1), copy(b, 'b', driveId, 1), copy(entryId(9), 'x', there, 2)]);
    expect(kinds(outcomes)).toEqual(['committed', 'committed', 'not_found']);
    expect(drive.drive.ledger.current).toEqual({ files: 2, bytes: 20 });
  });

  test('folders are not copied in one operation', () => {
    const drive = newDrive();
    run(drive, [{ ...folder, entryId: a, name: 'a' }]);
    const from = { drive: driveId, entryId: a, rev: 1 };
    expect(kinds(run(drive, [{ op: 'copy', entryId: b, parentId: rootId, name: 'b', from }]))).toEqual(['invalid_argument']);
  });

  test('a mount needs a home drive and a grant; deleting it is an ordinary delete', () => {
    const mount = { op: 'putMount' as const, entryId: a, parentId: rootId, name: 'shared', drive: there };
    const granted = { mountable: (id: DriveId) => id === there };
    expect(kinds(run(newDrive({ kind: 'shared' }, granted), [mount]))).toEqual(['invalid_argument']);
    expect(kinds(run(newDrive(), [mount]))).toEqual(['not_found']);
    const drive = newDrive({}, granted);
    expect(kinds(run(drive, [mount, { op: 'delete', entryId: a, baseRev: 1, seenSeq: 0 }]))).toEqual(['committed', 'committed']);
    expect(drive.drive.ledger.trash).toEqual({ files: 0, bytes: 0 });
  });
});

describe('whole commits', () => {
  test('another epoch is cursor_expired, too many operations too_large; neither writes', () => {
    const drive = newDrive();
    const one = { ...folder, entryId: a, name: 'a', writeId: writeId(1) };
    expect(drive.commit(request([one], { driveEpoch: 'two' }))).toEqual({ result: 'cursor_expired' });
    expect(drive.commit(request([one, one], { limits: { ...defaultLimits, operations: 1 } }))).toEqual({ result: 'too_large' });
    expect(drive.drive.seq).toBe(0);
  });
});
