import { describe, expect, test } from '@jest/globals';
import { defaultLimits } from './limits.ts';
import type { MemoryDrive } from './memory-drive.ts';
import { recount } from './memory-ledger.ts';
import { changesAfter, liveChildren, livePath, treeAt } from './read-drive.ts';
import { content, entryId, kinds, newDrive, rootId, run, writeId } from './testing/fixtures.ts';

const [dir, sub, file, other] = [entryId(1), entryId(2), entryId(3), entryId(4)];
const put = { op: 'putFile' as const, mtimeMs: 0, baseRev: null };

/** dir/sub/file (10 bytes), and other beside dir (5 bytes): seq 1 to 4. */
function world(): MemoryDrive {
  const drive = newDrive();
  run(drive, [
    { op: 'createFolder', entryId: dir, parentId: rootId, name: 'dir' },
    { op: 'createFolder', entryId: sub, parentId: dir, name: 'sub' },
    { ...put, entryId: file, parentId: sub, name: 'file', content: content(1, 10) },
    { ...put, entryId: other, parentId: rootId, name: 'other', content: content(2, 5) },
  ]);
  return drive;
}
const del = (id: typeof dir, baseRev: number, seenSeq: number) => ({ op: 'delete' as const, entryId: id, baseRev, seenSeq });

describe('deleting a folder', () => {
  test('is one row, one change, and takes everything in it to the trash', () => {
    const drive = world();
    expect(kinds(run(drive, [del(dir, 1, 4)]))).toEqual(['committed']);
    expect(drive.drive.seq).toBe(5);
    expect(drive.entries.get(file)?.trashed).toBeUndefined();
    expect(livePath(drive, file)).toBeUndefined();
    expect(drive.drive.ledger).toMatchObject({ current: { files: 1, bytes: 5 }, trash: { files: 1, bytes: 10 } });
  });

  test('is refused, with names, when something in it changed that the author had not seen', () => {
    const drive = world();
    run(drive, [{ ...put, entryId: file, baseRev: 1, content: content(3, 11) }]);
    expect(run(drive, [del(dir, 1, 4)])).toEqual([{ outcome: 'revision_conflict', entries: [file] }]);
    expect(kinds(run(drive, [del(dir, 1, 5)]))).toEqual(['committed']);
  });

  test('is refused when something was moved into it, not when it was moved out', () => {
    const drive = world();
    run(drive, [{ op: 'move', entryId: other, baseRev: 1, parentId: sub, name: 'other' }]);
    expect(run(drive, [del(dir, 1, 4)])).toEqual([{ outcome: 'revision_conflict', entries: [other] }]);
    run(drive, [{ op: 'move', entryId: other, baseRev: 2, parentId: rootId, name: 'other' }]);
    expect(kinds(run(drive, [del(dir, 1, 4)]))).toEqual(['committed']);
  });

  test('does not mind what the same commit did in it', () => {
    const drive = world();
    const added = { ...put, entryId: entryId(9), parentId: sub, name: 'new', content: content(9, 1) };
    expect(kinds(run(drive, [del(file, 1, 4), added, del(dir, 1, 4)]))).toEqual(['committed', 'committed', 'committed']);
  });

  test('is refused when there is more to look through than the bound', () => {
    const drive = world();
    const limits = { ...defaultLimits, seenChanges: 1 };
    expect(kinds(run(drive, [del(dir, 1, 0)], { limits }))).toEqual(['revision_conflict']);
  });

  test('is refused after a rename that the author had not seen', () => {
    const drive = world();
    run(drive, [{ op: 'move', entryId: dir, baseRev: 1, parentId: rootId, name: 'precious' }]);
    expect(run(drive, [del(dir, 1, 5)])).toEqual([{ outcome: 'revision_conflict', current: { rev: 2, seq: 5, deleted: false } }]);
  });

  test('twice is a conflict that says deleted', () => {
    const drive = world();
    expect(run(drive, [del(dir, 1, 4), del(dir, 2, 4)])[1]).toMatchObject({ outcome: 'revision_conflict', current: { deleted: true } });
  });
});

describe('taking out of the trash', () => {
  test('puts everything back where it was', () => {
    const drive = world();
    run(drive, [del(dir, 1, 4)]);
    expect(kinds(run(drive, [{ op: 'untrash', entryId: dir }]))).toEqual(['committed']);
    expect(livePath(drive, file)).toEqual(['dir', 'sub', 'file']);
    expect(drive.drive.ledger).toMatchObject({ current: { files: 2, bytes: 15 }, trash: { files: 0, bytes: 0 } });
  });

  test('leaves in the trash what was deleted before its folder', () => {
    const drive = world();
    run(drive, [del(file, 1, 4)]);
    run(drive, [del(dir, 1, 5)]);
    run(drive, [{ op: 'untrash', entryId: dir }]);
    expect(livePath(drive, sub)).toEqual(['dir', 'sub']);
    expect(livePath(drive, file)).toBeUndefined();
    expect(drive.drive.ledger).toEqual(recount(drive));
  });

  test('says when the name is taken, and goes to another place when told', () => {
    const drive = world();
    run(drive, [del(dir, 1, 4), { op: 'createFolder', entryId: entryId(9), parentId: rootId, name: 'dir' }]);
    expect(run(drive, [{ op: 'untrash', entryId: dir }])).toEqual([{ outcome: 'name_taken', entryId: entryId(9) }]);
    expect(kinds(run(drive, [{ op: 'untrash', entryId: dir, parentId: entryId(9), name: 'old' }]))).toEqual(['committed']);
    expect(livePath(drive, file)).toEqual(['dir', 'old', 'sub', 'file']);
  });

  test('says when the folder it was in is in the trash too, or is what has to come back', () => {
    const drive = world();
    run(drive, [del(file, 1, 4)]);
    run(drive, [del(dir, 1, 5)]);
    expect(
      run(drive, [
        { op: 'untrash', entryId: file },
        { op: 'untrash', entryId: sub },
      ]),
    ).toEqual([
      { outcome: 'not_found', detail: 'the parent folder is in the trash' },
      { outcome: 'not_found', detail: 'its folder was deleted, not the entry itself' },
    ]);
  });

  test('of what is live is a conflict, of half a place or into itself invalid', () => {
    const drive = world();
    expect(kinds(run(drive, [{ op: 'untrash', entryId: dir }]))).toEqual(['revision_conflict']);
    run(drive, [del(dir, 1, 4)]);
    const outcomes = run(drive, [
      { op: 'untrash', entryId: dir, name: 'x' },
      { op: 'untrash', entryId: dir, parentId: sub, name: 'x' },
    ]);
    expect(kinds(outcomes)).toEqual(['invalid_argument', 'invalid_argument']);
  });
});

describe('purging', () => {
  test('takes only what is in the trash, with all below and all history, for good', () => {
    const drive = world();
    run(drive, [{ ...put, entryId: file, baseRev: 1, content: content(3, 11) }]);
    expect(kinds(run(drive, [{ op: 'purge', entryId: dir }]))).toEqual(['revision_conflict']);
    run(drive, [del(dir, 1, 5)]);
    expect(kinds(run(drive, [{ op: 'purge', entryId: dir }]))).toEqual(['committed']);
    expect([...drive.entries.keys()]).toEqual([other]);
    expect(drive.drive.ledger).toEqual({ current: { files: 1, bytes: 5 }, history: { files: 0, bytes: 0 }, trash: { files: 0, bytes: 0 } });
  });

  test('ids stay used, answers stay known', () => {
    const drive = world();
    const first = run(drive, [{ ...del(dir, 1, 4), writeId: writeId(7) }]);
    run(drive, [{ op: 'purge', entryId: dir }]);
    expect(run(drive, [{ ...del(dir, 1, 4), writeId: writeId(7) }])).toEqual(first);
    const outcomes = run(drive, [
      { op: 'createFolder', entryId: file, parentId: rootId, name: 'x' },
      { op: 'untrash', entryId: dir },
    ]);
    expect(kinds(outcomes)).toEqual(['already_exists', 'not_found']);
  });

  test('in the batch that made, filled and deleted a folder leaves nothing but tombstones', () => {
    const drive = world();
    const [box, thing] = [entryId(20), entryId(21)];
    const outcomes = run(drive, [
      { op: 'createFolder', entryId: box, parentId: rootId, name: 'box' },
      { ...put, entryId: thing, parentId: box, name: 'thing', content: content(8, 30) },
      { op: 'move', entryId: sub, baseRev: 1, parentId: box, name: 'sub' },
      del(box, 1, 4),
      { op: 'purge', entryId: box },
      { ...put, entryId: thing, parentId: rootId, name: 'again', content: content(8, 30) },
      { ...put, entryId: file, baseRev: 1, content: content(8, 30) },
    ]);
    expect(kinds(outcomes)).toEqual([...Array.from({ length: 5 }, () => 'committed'), 'already_exists', 'not_found']);
    expect(drive.tombstones).toEqual(new Set([box, thing, sub, file]));
    expect(drive.drive.ledger).toEqual(recount(drive));
  });
});

describe('reading a memory drive', () => {
  test('children in order, without the trash', () => {
    const drive = world();
    expect(liveChildren(drive, rootId).map(({ name }) => name)).toEqual(['dir', 'other']);
    run(drive, [del(other, 1, 4)]);
    expect(liveChildren(drive, rootId).map(({ name }) => name)).toEqual(['dir']);
  });

  test('the tree as it was, by any seq', () => {
    const drive = world();
    run(drive, [{ op: 'move', entryId: sub, baseRev: 1, parentId: rootId, name: 'up' }]);
    run(drive, [del(sub, 2, 5)]);
    expect([...treeAt(drive, 3).keys()]).toEqual(['dir', 'dir/sub', 'dir/sub/file']);
    expect([...treeAt(drive, 5).keys()].sort()).toEqual(['dir', 'other', 'up', 'up/file']);
    expect([...treeAt(drive, 6).keys()].sort()).toEqual(['dir', 'other']);
    expect(treeAt(drive, 0).size).toBe(0);
  });

  test('changes after a seq, page by page', () => {
    const drive = world();
    expect(changesAfter(drive, 1, 2).map(({ change }) => change.seq)).toEqual([2, 3]);
    expect(changesAfter(drive, 4, 2)).toEqual([]);
  });
});
