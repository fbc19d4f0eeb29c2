import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseDeviceId, type DeviceId, type EntryId } from './ids.ts';
import type { MemoryDrive } from './memory-drive.ts';
import type { Outcome } from './operation.ts';
import type { Revision } from './revision.ts';
import { alice, content, entryId, newDrive, rootId, run, uuid } from './testing/fixtures.ts';
import { undoIn, type Undone } from './testing/undo-in.ts';

const [intruder, colleague] = [1, 2].map((n) => parseDeviceId(uuid(n))) as [DeviceId, DeviceId];
const isTheirs = ({ device }: Revision): boolean => device === intruder;

const actKinds = ['write', 'write', 'delete', 'move', 'make', 'untrash'] as const;
type Act = { readonly kind: (typeof actKinds)[number]; readonly target: number; readonly value: number; readonly by: boolean };
const acts = (by: fc.Arbitrary<boolean>): fc.Arbitrary<Act[]> =>
  fc.array(
    fc.record({
      kind: fc.constantFrom(...actKinds),
      target: fc.nat(11),
      value: fc.nat(5),
      by,
    }),
    { maxLength: 25 },
  );

let made = 0x500;
function act(drive: MemoryDrive, { kind, target, value, by }: Act): Outcome[] {
  const ids = [...drive.entries.keys()];
  const entry = drive.entries.get(ids[target % ids.length] ?? rootId);
  const over = { author: { by: alice, device: by ? intruder : colleague } };
  const folders = [rootId, ...ids.filter((id) => drive.entries.get(id)?.body.kind === 'folder')];
  const parentId = folders[value % folders.length] ?? rootId;
  const seenSeq = drive.drive.seq;
  made += 1;
  if (kind === 'make' && value % 2 === 0)
    return run(drive, [{ op: 'createFolder', entryId: entryId(made), parentId, name: `made${made}` }], over);
  if (kind === 'make' || entry === undefined)
    return run(
      drive,
      [{ op: 'putFile', entryId: entryId(made), parentId, name: `made${made}`, baseRev: null, content: content(made, 3), mtimeMs: 0 }],
      over,
    );
  const on = { entryId: entry.entryId, baseRev: entry.rev };
  if (kind === 'write') return run(drive, [{ op: 'putFile', ...on, content: content(made, 3), mtimeMs: made }], over);
  if (kind === 'delete') return run(drive, [{ op: 'delete', ...on, seenSeq }], over);
  if (kind === 'untrash') return run(drive, [{ op: 'untrash', entryId: entry.entryId }], over);
  return run(drive, [{ op: 'move', ...on, parentId, name: `${entry.name}.${value}` }], over);
}

function started(): MemoryDrive {
  const drive = newDrive();
  const over = { author: { by: alice, device: colleague } };
  for (const n of [1, 2]) run(drive, [{ op: 'createFolder', entryId: entryId(n), parentId: rootId, name: `d${n}` }], over);
  for (const n of [3, 4, 5, 6]) {
    const place = { parentId: n % 3 === 0 ? rootId : entryId(n % 3), name: `f${n}` };
    run(drive, [{ op: 'putFile', entryId: entryId(n), ...place, baseRev: null, content: content(n, 3), mtimeMs: 0 }], over);
  }
  return drive;
}

/** The live tree, as id to place and content. */
function treeOf(drive: MemoryDrive): Map<EntryId, string> {
  const live = new Map<EntryId, string>();
  const walk = (folder: EntryId): void => {
    for (const { entryId: id, parentId, name, body, trashed } of drive.childrenOf(folder)) {
      if (trashed !== undefined) continue;
      live.set(id, JSON.stringify([parentId, name, body]));
      walk(id);
    }
  };
  walk(rootId);
  return live;
}

const conflictIds = (undone: Undone[]): Set<EntryId> => new Set(undone.filter(({ isConflict }) => isConflict).map(({ entryId: id }) => id));

test('where nobody else did anything since, the tree is what it was, but for what is reported', () => {
  fc.assert(
    fc.property(acts(fc.constant(true)), (all) => {
      const drive = started();
      const before = treeOf(drive);
      for (const one of all) act(drive, one);
      const conflicts = conflictIds(undoIn(drive, isTheirs));
      const after = treeOf(drive);
      for (const [id, state] of before) if (!conflicts.has(id)) expect([id, after.get(id)]).toEqual([id, state]);
      for (const id of after.keys()) expect(before.has(id) || conflicts.has(id)).toBe(true);
      expect(conflicts.size).toBe(0);
    }),
    { numRuns: 40 },
  );
});

test('what others set last stays as they set it, and asking again does nothing', () => {
  fc.assert(
    fc.property(acts(fc.boolean()), (all) => {
      const drive = started();
      for (const one of all) act(drive, one);
      const kept = new Map([...drive.revisions].map(([id, revisions]) => [id, lastOfOthers(revisions)]));
      undoIn(drive, isTheirs);
      for (const [id, { place, body }] of kept) {
        const newest = drive.revisions.get(id)?.at(-1);
        if (place !== undefined) expect([newest?.parentId, newest?.name]).toEqual(place);
        if (body !== undefined) expect(newest?.body).toEqual(body);
      }
      const { seq } = drive.drive;
      undoIn(drive, isTheirs);
      expect(drive.drive.seq).toBe(seq);
    }),
    { numRuns: 40 },
  );
});

/** Place and content of an entry where somebody else set them last. */
function lastOfOthers(revisions: readonly Revision[]) {
  let [placeTheirs, bodyTheirs] = [false, false];
  for (const [index, revision] of revisions.entries()) {
    const before = revisions[index - 1];
    if (before === undefined || before.name !== revision.name || before.parentId !== revision.parentId) placeTheirs = isTheirs(revision);
    if (before === undefined || JSON.stringify(before.body) !== JSON.stringify(revision.body)) bodyTheirs = isTheirs(revision);
  }
  const newest = revisions.at(-1);
  return {
    place: placeTheirs ? undefined : [newest?.parentId, newest?.name],
    body: bodyTheirs ? undefined : newest?.body,
  };
}

test("an intruder who renames, rewrites, deletes and leaves notes is undone, and a colleague's edit in between stays", () => {
  const drive = started();
  const before = treeOf(drive);
  const by = (device: DeviceId) => ({ author: { by: alice, device } });
  const f3 = entryId(3);
  run(drive, [{ op: 'move', entryId: f3, parentId: rootId, name: 'f3.locked', baseRev: 1 }], by(intruder));
  run(drive, [{ op: 'putFile', entryId: f3, baseRev: 2, content: content(77, 3), mtimeMs: 7 }], by(intruder));
  run(drive, [{ op: 'putFile', entryId: entryId(4), baseRev: 1, content: content(78, 3), mtimeMs: 7 }], by(intruder));
  run(drive, [{ op: 'putFile', entryId: entryId(4), baseRev: 2, content: content(44, 3), mtimeMs: 8 }], by(colleague));
  run(drive, [{ op: 'delete', entryId: entryId(2), baseRev: 1, seenSeq: drive.drive.seq }], by(intruder));
  const undone = undoIn(drive, isTheirs);
  const after = treeOf(drive);
  for (const [id, state] of before) if (id !== entryId(4)) expect(after.get(id)).toBe(state);
  expect(drive.entries.get(entryId(4))?.body).toMatchObject({ content: { listId: content(44, 3).listId } });
  expect(undone.filter(({ isConflict }) => isConflict).map(({ entryId: id }) => id)).toEqual([entryId(4)]);
});
