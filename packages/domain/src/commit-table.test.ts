import { describe, expect, test } from '@jest/globals';
import type { DriveId, EntryId } from './ids.ts';
import type { MemoryDrive } from './memory-drive.ts';
import type { Operation } from './operation.ts';
import { content, driveId, entryId, newDrive, rootId, run, uuid } from './testing/fixtures.ts';

/** What an operation can meet under the id it names. */
const targets = {
  'a folder': entryId(1),
  'a file': entryId(2),
  'a symlink': entryId(3),
  'a mount': entryId(4),
  'a file in the trash': entryId(5),
  'a folder in the trash': entryId(6),
  'a file whose folder is in the trash': entryId(7),
  'what was purged': entryId(8),
  'what another drive has': entryId(9),
  'what moved to another drive': entryId(10),
  'nothing known': entryId(11),
  'the root': rootId,
} as const;
type Target = keyof typeof targets;

const shared = uuid(0x5a) as DriveId;

/** A drive with one of each. */
function world(): MemoryDrive {
  const drive = newDrive(
    {},
    {
      mountable: (one) => one === shared,
      elsewhere: (id) => (id === targets['what another drive has'] ? 'used' : id === entryId(10) ? { movedTo: shared } : undefined),
    },
  );
  const file = (n: number, name: string, parentId: EntryId = rootId) => ({
    op: 'putFile' as const,
    entryId: entryId(n),
    parentId,
    name,
    baseRev: null,
    content: content(n, 10),
    mtimeMs: 1,
  });
  run(drive, [
    { op: 'createFolder', entryId: entryId(1), parentId: rootId, name: 'folder' },
    file(2, 'file', entryId(1)),
    { op: 'putSymlink', entryId: entryId(3), parentId: rootId, name: 'link', baseRev: null, target: 'folder/file', mtimeMs: 1 },
    { op: 'putMount', entryId: entryId(4), parentId: rootId, name: 'mount', drive: shared },
    file(5, 'trashed'),
    { op: 'createFolder', entryId: entryId(6), parentId: rootId, name: 'gone' },
    file(7, 'inside', entryId(6)),
    file(8, 'purged'),
  ]);
  run(drive, [
    { op: 'delete', entryId: entryId(5), baseRev: 1, seenSeq: 8 },
    { op: 'delete', entryId: entryId(6), baseRev: 1, seenSeq: 8 },
    { op: 'delete', entryId: entryId(8), baseRev: 1, seenSeq: 8 },
    { op: 'purge', entryId: entryId(8) },
  ]);
  return drive;
}

type Bare<T> = T extends Operation ? Omit<T, 'writeId'> : never;
const place = { parentId: rootId, name: 'new' };
const newest = (drive: MemoryDrive, id: EntryId): number => drive.entries.get(id)?.rev ?? 1;

/** Each operation on an id, as somebody would send it who knows all about it. */
const operations: { readonly [Op in Operation['op']]: (drive: MemoryDrive, entryId: EntryId) => Bare<Operation> } = {
  createFolder: (_drive, id) => ({ op: 'createFolder', entryId: id, ...place }),
  putFile: (drive, id) => ({ op: 'putFile', entryId: id, baseRev: newest(drive, id), content: content(99, 5), mtimeMs: 2 }),
  putSymlink: (drive, id) => ({ op: 'putSymlink', entryId: id, baseRev: newest(drive, id), target: 'elsewhere', mtimeMs: 2 }),
  putMount: (_drive, id) => ({ op: 'putMount', entryId: id, ...place, drive: shared }),
  setAttributes: (drive, id) => ({ op: 'setAttributes', entryId: id, baseRev: newest(drive, id), mtimeMs: 2 }),
  copy: (_drive, id) => ({ op: 'copy', entryId: entryId(50), ...place, from: { drive: driveId, entryId: id, rev: 1 } }),
  move: (drive, id) => ({ op: 'move', entryId: id, baseRev: newest(drive, id), ...place }),
  delete: (drive, id) => ({ op: 'delete', entryId: id, baseRev: newest(drive, id), seenSeq: drive.drive.seq }),
  untrash: (_drive, id) => ({ op: 'untrash', entryId: id }),
  restoreRevision: (_drive, id) => ({ op: 'restoreRevision', entryId: id, rev: 1 }),
  purge: (_drive, id) => ({ op: 'purge', entryId: id }),
};

const order = Object.keys(targets) as Target[];
const [yes, bad, none, conflict, exists, moved] = [
  'committed',
  'invalid_argument',
  'not_found',
  'revision_conflict',
  'already_exists',
  'moved',
] as const;

/** What becomes of it, in the order of `targets`. Whoever adds an operation states all of this. */
const table: { readonly [Op in Operation['op']]: readonly string[] } = {
  //               folder    file      symlink   mount     trashed   t.folder  in trash  purged  elsewhere moved  unknown  root
  createFolder: [exists, exists, exists, exists, exists, exists, exists, exists, exists, exists, yes, exists],
  putMount: [exists, exists, exists, exists, exists, exists, exists, exists, exists, exists, yes, exists],
  putFile: [bad, yes, bad, bad, conflict, conflict, conflict, none, none, moved, none, bad],
  putSymlink: [bad, bad, yes, bad, conflict, conflict, conflict, none, none, moved, none, bad],
  setAttributes: [bad, yes, yes, bad, conflict, conflict, conflict, none, none, moved, none, bad],
  copy: [bad, yes, yes, bad, yes, bad, yes, none, none, none, none, none],
  move: [yes, yes, yes, yes, conflict, conflict, conflict, none, none, moved, none, bad],
  delete: [yes, yes, yes, yes, conflict, conflict, conflict, none, none, moved, none, bad],
  untrash: [conflict, conflict, conflict, conflict, yes, yes, none, none, none, moved, none, bad],
  restoreRevision: [bad, yes, yes, bad, conflict, conflict, conflict, none, none, moved, none, bad],
  purge: [conflict, conflict, conflict, conflict, yes, yes, conflict, none, none, moved, none, bad],
};

const cases = (Object.keys(table) as Operation['op'][]).flatMap((op) =>
  order.map((target, index) => ({ op, target, expected: table[op][index]! })),
);

describe('every operation on everything it can meet', () => {
  test.each(cases)('$op on $target: $expected', ({ op, target, expected }) => {
    const drive = world();
    const before = { drive: drive.drive, entries: new Map(drive.entries), changes: drive.changes.length };
    const [outcome] = run(drive, [operations[op](drive, targets[target])]);
    expect(outcome!.outcome).toBe(expected);
    const written = expected === 'committed' ? 1 : 0;
    expect(drive.changes.length).toBe(before.changes + written);
    // A refusal leaves no trace.
    if (written === 0) expect([drive.drive, drive.entries]).toEqual([before.drive, before.entries]);
  });

  test.each(cases)('$op on $target is permission_denied to a viewer, and locked in a locked drive', ({ op, target }) => {
    const drive = world();
    const operation = operations[op](drive, targets[target]);
    expect(run(drive, [operation], { role: 'viewer' })).toEqual([{ outcome: 'permission_denied' }]);
    drive.drive = { ...drive.drive, locked: true };
    expect(run(drive, [operation])).toEqual([{ outcome: 'locked' }]);
  });

  test('a conflict says which state there is, and whether it was deleted', () => {
    const drive = world();
    const current = ([op, target]: readonly [Operation['op'], Target]) => run(drive, [operations[op](drive, targets[target])])[0];
    expect(current(['purge', 'a file'])).toEqual({ outcome: 'revision_conflict', current: { rev: 1, seq: 2, deleted: false } });
    expect(current(['move', 'a file in the trash'])).toEqual({ outcome: 'revision_conflict', current: { rev: 2, seq: 9, deleted: true } });
    const inTrash = { outcome: 'revision_conflict', current: { rev: 1, seq: 7, deleted: true } };
    expect(current(['putFile', 'a file whose folder is in the trash'])).toEqual(inTrash);
    expect(current(['purge', 'a file whose folder is in the trash'])).toEqual(inTrash);
  });

  test('an id of another drive never tells where, unless the actor may read it there', () => {
    const drive = world();
    expect(run(drive, [operations.move(drive, targets['what another drive has'])])).toEqual([{ outcome: 'not_found' }]);
    expect(run(drive, [operations.move(drive, targets['what moved to another drive'])])).toEqual([{ outcome: 'moved', drive: shared }]);
  });
});

describe('names and places, for every operation that takes one', () => {
  const placing: { readonly [op: string]: (at: { parentId: EntryId; name: string }) => Bare<Operation> } = {
    createFolder: (at) => ({ op: 'createFolder', entryId: entryId(50), ...at }),
    'a new file': (at) => ({ op: 'putFile', entryId: entryId(50), baseRev: null, content: content(1, 1), mtimeMs: 1, ...at }),
    'an edit that renames': (at) => ({ op: 'putFile', entryId: entryId(2), baseRev: 1, content: content(1, 1), mtimeMs: 1, ...at }),
    'a new symlink': (at) => ({ op: 'putSymlink', entryId: entryId(50), baseRev: null, target: 'x', mtimeMs: 1, ...at }),
    putMount: (at) => ({ op: 'putMount', entryId: entryId(50), drive: shared, ...at }),
    copy: (at) => ({ op: 'copy', entryId: entryId(50), from: { drive: driveId, entryId: entryId(2), rev: 1 }, ...at }),
    move: (at) => ({ op: 'move', entryId: entryId(2), baseRev: 1, ...at }),
    untrash: (at) => ({ op: 'untrash', entryId: entryId(5), ...at }),
  };
  const places: readonly (readonly [string, { parentId: EntryId; name: string }, string])[] = [
    ['a free name', { parentId: rootId, name: 'free' }, 'committed'],
    ['a free name in a folder', { parentId: entryId(1), name: 'free' }, 'committed'],
    ['a name that only the trash has', { parentId: rootId, name: 'trashed' }, 'committed'],
    ['another case of a name', { parentId: rootId, name: 'LINK' }, 'committed'],
    ['a name that is taken', { parentId: rootId, name: 'link' }, 'name_taken'],
    ['no name', { parentId: rootId, name: '' }, 'invalid_argument'],
    ['a dot', { parentId: rootId, name: '.' }, 'invalid_argument'],
    ['two dots', { parentId: rootId, name: '..' }, 'invalid_argument'],
    ['a slash', { parentId: rootId, name: 'a/b' }, 'invalid_argument'],
    ['a NUL', { parentId: rootId, name: 'a\0' }, 'invalid_argument'],
    ['half a surrogate', { parentId: rootId, name: '\ud800' }, 'invalid_argument'],
    ['256 bytes', { parentId: rootId, name: 'x'.repeat(256) }, 'invalid_argument'],
    ['a file as the parent', { parentId: entryId(2), name: 'free' }, 'invalid_argument'],
    ['a symlink as the parent', { parentId: entryId(3), name: 'free' }, 'invalid_argument'],
    ['a mount as the parent', { parentId: entryId(4), name: 'free' }, 'invalid_argument'],
    ['a folder in the trash', { parentId: entryId(6), name: 'free' }, 'not_found'],
    ['a parent that was purged', { parentId: entryId(8), name: 'free' }, 'not_found'],
    ['a parent of another drive', { parentId: entryId(9), name: 'free' }, 'not_found'],
    ['a parent that moved away', { parentId: entryId(10), name: 'free' }, 'moved'],
    ['a parent nobody knows', { parentId: entryId(11), name: 'free' }, 'not_found'],
  ];

  test.each(Object.keys(placing).flatMap((op) => places.map(([what, at, expected]) => ({ op, what, at, expected }))))(
    '$op to $what: $expected',
    ({ op, at, expected }) => {
      const drive = world();
      expect(run(drive, [placing[op]!(at)])[0]!.outcome).toBe(expected);
    },
  );
});

describe('a base revision, for every operation that names one', () => {
  const based: { readonly [op: string]: (baseRev: number) => Bare<Operation> } = {
    putFile: (baseRev) => ({ op: 'putFile', entryId: entryId(2), baseRev, content: content(7, 7), mtimeMs: 1 }),
    setAttributes: (baseRev) => ({ op: 'setAttributes', entryId: entryId(2), baseRev, executable: true }),
    move: (baseRev) => ({ op: 'move', entryId: entryId(2), baseRev, ...place }),
    delete: (baseRev) => ({ op: 'delete', entryId: entryId(2), baseRev, seenSeq: 100 }),
  };
  const edit = (drive: MemoryDrive) => run(drive, [{ op: 'putFile', entryId: entryId(2), baseRev: 1, content: content(8, 8), mtimeMs: 1 }]);
  const rename = (drive: MemoryDrive) => run(drive, [{ op: 'move', entryId: entryId(2), baseRev: 1, parentId: rootId, name: 'renamed' }]);

  test.each([
    { op: 'putFile', afterEdit: 'revision_conflict', afterRename: 'committed' },
    { op: 'setAttributes', afterEdit: 'revision_conflict', afterRename: 'committed' },
    { op: 'move', afterEdit: 'committed', afterRename: 'revision_conflict' },
    { op: 'delete', afterEdit: 'revision_conflict', afterRename: 'revision_conflict' },
  ])('$op after an unseen edit: $afterEdit; after an unseen rename: $afterRename', ({ op, afterEdit, afterRename }) => {
    for (const [change, expected] of [
      [edit, afterEdit],
      [rename, afterRename],
    ] as const) {
      const drive = world();
      change(drive);
      expect(run(drive, [based[op]!(1)])[0]!.outcome).toBe(expected);
      expect(run(drive, [based[op]!(drive.entries.get(entryId(2))!.rev)])[0]!.outcome).toBe('committed');
    }
  });

  test.each(Object.keys(based))('%s of a revision that there is not yet is a conflict', (op) => {
    const drive = world();
    for (const baseRev of [2, 1000, 0]) expect(run(drive, [based[op]!(baseRev)])[0]!.outcome).toBe('revision_conflict');
  });
});
