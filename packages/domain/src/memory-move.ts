import { needsOf } from './commit/needs-of.ts';
import type { DriveMove, DriveMoved, DriveMoveState } from './commit/move-to-drive.ts';
import type { EntryId } from './ids.ts';
import type { MemoryDrive } from './memory-drive.ts';

/** Loads the rows of two drives that the rule of a move between them looks at. */
export function loadMove(source: MemoryDrive, target: MemoryDrive | undefined, operation: DriveMove): DriveMoveState {
  const needs = needsOf([operation]);
  const below = subtree(source, operation.entryId).slice(1);
  return {
    source: source.load({ ...needs, sums: [operation.entryId] }, 0),
    target: target?.load(needs, 0),
    below: { entries: below.length, hasMount: below.some((entryId) => source.entries.get(entryId)?.body.kind === 'mount') },
  };
}

/** Writes what the rule answered, in the order that `DriveMoved` states. */
export function applyMove(source: MemoryDrive, target: MemoryDrive, done: DriveMoved): void {
  const { entryId, parentId, targetSeq } = done.departure;
  for (const id of subtree(source, entryId)) carry(source, target, id, targetSeq);
  source.children.get(parentId)?.delete(entryId);
  source.apply(done.source);
  target.apply(done.target);
}

/** An entry and everything under it, in the trash or not; the entry first. */
function subtree(drive: MemoryDrive, entryId: EntryId): EntryId[] {
  return [entryId, ...drive.childrenOf(entryId).flatMap((child) => subtree(drive, child.entryId))];
}

function carry(source: MemoryDrive, target: MemoryDrive, entryId: EntryId, seq: number): void {
  const entry = source.entries.get(entryId);
  if (entry === undefined) return;
  const revisions = source.revisions.get(entryId) ?? [];
  const children = source.children.get(entryId);
  for (const rows of [source.entries, source.revisions, source.children]) rows.delete(entryId);
  target.entries.set(entryId, { ...entry, seq, trashed: entry.trashed && { ...entry.trashed, seq } });
  target.revisions.set(
    entryId,
    revisions.map((revision) => ({ ...revision, seq })),
  );
  if (children !== undefined) target.children.set(entryId, children);
}
