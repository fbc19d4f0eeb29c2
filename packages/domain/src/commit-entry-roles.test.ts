import { describe, expect, test } from '@jest/globals';
import type { DriveId, EntryId } from './ids.ts';
import type { MemoryDrive } from './memory-drive.ts';
import type { EntryRole, Role } from './role.ts';
import { content, driveId, entryId, kinds, newDrive, rootId, run, uuid } from './testing/fixtures.ts';

const [top, granted, inner, file, beside, fresh] = [1, 2, 3, 4, 5, 6].map(entryId) as [
  EntryId,
  EntryId,
  EntryId,
  EntryId,
  EntryId,
  EntryId,
];
const body = { content: content(1, 10), mtimeMs: 5 };
const newFile = { op: 'putFile' as const, ...body, baseRev: null };

/** `top/granted/inner`, `top/granted/file` and `top/beside`. */
function world(): MemoryDrive {
  const drive = newDrive();
  run(drive, [
    { op: 'createFolder', entryId: top, parentId: rootId, name: 'top' },
    { op: 'createFolder', entryId: granted, parentId: top, name: 'granted' },
    { op: 'createFolder', entryId: inner, parentId: granted, name: 'inner' },
    { ...newFile, entryId: file, parentId: granted, name: 'file' },
    { ...newFile, entryId: beside, parentId: top, name: 'beside' },
  ]);
  return drive;
}
const as = (drive: MemoryDrive, entryRoles: readonly [EntryId, EntryRole][], role?: Role) => {
  const may = { role, entryRoles: new Map(entryRoles) };
  return (...operations: Parameters<typeof run>[1]) => kinds(run(drive, operations, may));
};

describe('who was let in to a folder as editor', () => {
  test('makes, fills, changes, renames, moves and deletes what is below it', () => {
    const may = as(world(), [[granted, 'editor']]);
    const [more, deep] = [entryId(10), entryId(11)];
    expect(
      may(
        { op: 'createFolder', entryId: more, parentId: granted, name: 'more' },
        { ...newFile, entryId: deep, parentId: more, name: 'deep' },
        { op: 'putFile', ...body, entryId: file, baseRev: 1 },
        { op: 'setAttributes', entryId: file, baseRev: 2, executable: true },
        { op: 'move', entryId: file, parentId: inner, name: 'renamed', baseRev: 3 },
        { op: 'restoreRevision', entryId: file, rev: 1 },
        { op: 'copy', entryId: fresh, parentId: inner, name: 'copy', from: { drive: driveId, entryId: file, rev: 1 } },
        { op: 'delete', entryId: more, baseRev: 1, seenSeq: 100 },
      ),
    ).toEqual(Array.from({ length: 8 }, () => 'committed'));
  });

  test('neither moves nor deletes the folder itself, nor anything out of it, nor purges', () => {
    const may = as(world(), [[granted, 'editor']]);
    expect(
      may(
        { op: 'move', entryId: granted, parentId: top, name: 'mine', baseRev: 1 },
        { op: 'delete', entryId: granted, baseRev: 1, seenSeq: 100 },
        { op: 'move', entryId: file, parentId: top, name: 'out', baseRev: 1 },
        { op: 'putFile', ...body, entryId: file, parentId: top, name: 'out', baseRev: 1 },
        { op: 'move', entryId: file, parentId: granted, name: 'file', baseRev: 1, toDrive: uuid(77) as DriveId },
        { op: 'purge', entryId: file },
      ),
    ).toEqual(Array.from({ length: 6 }, () => 'permission_denied'));
    expect(may({ op: 'delete', entryId: file, baseRev: 1, seenSeq: 100 }, { op: 'untrash', entryId: file })).toEqual([
      'committed',
      'not_found',
    ]);
  });

  test('is told of nothing beside it, whether it is there or not', () => {
    const may = as(world(), [[granted, 'editor']]);
    for (const other of [beside, entryId(99)]) {
      expect(
        may(
          { op: 'putFile', ...body, entryId: other, baseRev: 1 },
          { op: 'delete', entryId: other, baseRev: 1, seenSeq: 100 },
          { op: 'move', entryId: other, parentId: top, name: 'x', baseRev: 1 },
          { op: 'purge', entryId: other },
        ),
      ).toEqual(['not_found', 'not_found', 'not_found', 'not_found']);
    }
    expect(may({ ...newFile, entryId: fresh, parentId: top, name: 'beside' })).toEqual(['not_found']);
    expect(may({ ...newFile, entryId: fresh, parentId: rootId, name: 'x' })).toEqual(['not_found']);
  });

  test('may nothing while a folder above lies in the trash', () => {
    const drive = world();
    run(drive, [{ op: 'delete', entryId: top, baseRev: 1, seenSeq: 100 }]);
    expect(as(drive, [[granted, 'editor']])({ ...newFile, entryId: fresh, parentId: granted, name: 'x' })).toEqual(['not_found']);
  });
});

test('a role on one file is for its content and attributes alone', () => {
  const may = as(world(), [[file, 'editor']]);
  expect(
    may({ op: 'putFile', ...body, entryId: file, baseRev: 1 }, { op: 'setAttributes', entryId: file, baseRev: 2, mtimeMs: 7 }),
  ).toEqual(['committed', 'committed']);
  expect(
    may({ op: 'move', entryId: file, parentId: granted, name: 'x', baseRev: 3 }, { op: 'delete', entryId: file, baseRev: 3, seenSeq: 100 }),
  ).toEqual(['permission_denied', 'permission_denied']);
});

test('viewers change nothing; the strongest role on the way up counts, and adds to one on the drive', () => {
  const drive = world();
  const change = { op: 'setAttributes', entryId: file, baseRev: 1, mtimeMs: 9 } as const;
  expect(as(drive, [[granted, 'viewer']])(change)).toEqual(['permission_denied']);
  expect(as(drive, [], 'viewer')(change)).toEqual(['permission_denied']);
  expect(as(drive, [])(change)).toEqual(['not_found']);
  const both = as(drive, [
    [granted, 'manager'],
    [file, 'viewer'],
  ]);
  expect(both(change)).toEqual(['committed']);
  expect(as(drive, [[granted, 'editor']], 'viewer')({ ...change, baseRev: 2 })).toEqual(['committed']);
  expect(as(drive, [[granted, 'editor']], 'viewer')({ op: 'setAttributes', entryId: beside, baseRev: 1, mtimeMs: 9 })).toEqual([
    'permission_denied',
  ]);
});
