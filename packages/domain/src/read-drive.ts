import type { Change } from './change.ts';
import type { Entry, Place } from './entry.ts';
import type { EntryId } from './ids.ts';
import type { MemoryDrive } from './memory-drive.ts';
import type { Revision } from './revision.ts';

/** A journal row with the state it led to: the newest state when the entry is there still, else `undefined`. */
export type ReadChange = { readonly change: Change; readonly entry: Entry | undefined };

/** The live children of a folder (or of the root), by name in code unit order. */
export function liveChildren(drive: MemoryDrive, parentId: EntryId): Entry[] {
  return drive
    .childrenOf(parentId)
    .filter((entry) => entry.trashed === undefined)
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** The names from the root down to an entry, or `undefined` when it is not live. */
export function livePath(drive: MemoryDrive, entryId: EntryId): string[] | undefined {
  const names: string[] = [];
  for (let id = entryId; id !== drive.drive.rootId;) {
    const entry = drive.entries.get(id);
    if (entry === undefined || entry.trashed !== undefined) return undefined;
    names.unshift(entry.name);
    id = entry.parentId;
  }
  return names;
}

/** At most `limit` changes after `seq`, in order. */
export function changesAfter(drive: MemoryDrive, seq: number, limit: number): ReadChange[] {
  return drive.changes.slice(seq, seq + limit).map((change) => ({ change, entry: drive.entries.get(change.entryId) }));
}

/** The live tree as it was at `seq`, by path; a slash joins names. What was purged since is not in it. */
export function treeAt(drive: MemoryDrive, seq: number): Map<string, Revision> {
  const at = new Map<EntryId, Revision>();
  for (const [entryId, revisions] of drive.revisions) {
    const revision = revisions.findLast((candidate) => candidate.seq <= seq);
    if (revision !== undefined) at.set(entryId, revision);
  }
  const tree = new Map<string, Revision>();
  for (const revision of at.values()) {
    const path = pathIn(at, revision, drive.drive.rootId);
    if (path !== undefined) tree.set(path, revision);
  }
  return tree;
}

function pathIn(at: ReadonlyMap<EntryId, Revision>, revision: Revision, rootId: EntryId): string | undefined {
  const names: string[] = [];
  for (let step: (Place & { readonly trashed: boolean }) | undefined = revision; ; step = at.get(step.parentId)) {
    if (step === undefined || step.trashed) return undefined;
    names.unshift(step.name);
    if (step.parentId === rootId) return names.join('/');
  }
}
