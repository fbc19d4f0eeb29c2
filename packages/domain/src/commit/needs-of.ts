import type { Place } from '../entry.ts';
import type { DriveId, EntryId } from '../ids.ts';
import { parseName } from '../name.ts';
import type { Operation } from '../operation.ts';
import type { CommitNeeds, RevisionKey, WriteKey } from './needs.ts';

/**
 * Answers which rows these operations may look at, from the operations alone. Sound for any order and any outcome:
 * an operation that moves things about names both ends itself, so what later ones see is found among these rows too.
 */
export function needsOf(operations: readonly Operation[]): CommitNeeds {
  const entryIds = new Set<EntryId>();
  const targetIds = new Set<EntryId>();
  const ownPlaces = new Set<EntryId>();
  const sums = new Set<EntryId>();
  const deleted = new Set<EntryId>();
  const mountable = new Set<DriveId>();
  const places = new Map<string, Place>();
  const writes = new Map<string, WriteKey>();
  const revisions = new Map<string, RevisionKey>();
  let afterSeq = Infinity;
  // Sums are adjusted while the batch runs, so what is moved about matters only where something is summed at all.
  const summed = operations.some(({ op }) => op === 'delete' || op === 'untrash' || op === 'purge');

  for (const op of operations) {
    entryIds.add(op.entryId);
    targetIds.add(op.entryId);
    writes.set(`${op.entryId}/${op.writeId}`, { entryId: op.entryId, writeId: op.writeId });
    if ('parentId' in op && op.parentId !== undefined) {
      entryIds.add(op.parentId);
      targetIds.add(op.parentId);
      const parsed = parseName(op.name ?? '');
      if (parsed.ok) places.set(`${op.parentId}/${parsed.name}`, { parentId: op.parentId, name: parsed.name });
    }
    if (op.op === 'delete') {
      deleted.add(op.entryId);
      afterSeq = Math.min(afterSeq, op.seenSeq);
    }
    if (op.op === 'untrash') ownPlaces.add(op.entryId);
    if (summed && takesSumsAlong(op)) sums.add(op.entryId);
    if (op.op === 'putMount') mountable.add(op.drive);
    if (op.op === 'copy') revisions.set(`${op.from.drive}/${op.from.entryId}/${op.from.rev}`, op.from);
    // The commit's own drive is implied: the store reads the revision from the drive it has locked.
    if (op.op === 'restoreRevision') revisions.set(`/${op.entryId}/${op.rev}`, { drive: undefined, entryId: op.entryId, rev: op.rev });
  }
  return {
    entryIds: [...entryIds],
    targetIds: [...targetIds],
    places: [...places.values()],
    ownPlaces: [...ownPlaces],
    writes: [...writes.values()],
    revisions: [...revisions.values()],
    sums: [...sums],
    seen: deleted.size === 0 ? undefined : { afterSeq, deleted: [...deleted] },
    mountable: [...mountable],
  };
}

const sumsOn: ReadonlySet<Operation['op']> = new Set(['delete', 'untrash', 'purge', 'move']);

/** Whatever may change place or state takes along what it and everything under it count for: an edit that names a place, its history. */
function takesSumsAlong(op: Operation): boolean {
  return sumsOn.has(op.op) || (op.op === 'putFile' && op.baseRev !== null && op.parentId !== undefined);
}
