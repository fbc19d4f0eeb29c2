import { defaultLimits } from '../limits.ts';
import type { EntryId } from '../ids.ts';
import type { MemoryDrive } from '../memory-drive.ts';
import { planUndo, undoOperations, undoTurn, type IsTheirs } from '../undo.ts';
import { alice, request, writeId } from './fixtures.ts';

/** What undoing did to one entry. */
export type Undone = { readonly entryId: EntryId; readonly isConflict: boolean };

let writes = 0x700000;
const freshWriteId = () => writeId((writes += 1));

/** Undoes somebody's work in a memory drive as the service does: going back through the journal. */
export function undoIn(drive: MemoryDrive, isTheirs: IsTheirs): Undone[] {
  const undone: Undone[] = [];
  for (const { entryId, seq } of [...drive.changes].reverse()) {
    const revisions = drive.revisions.get(entryId) ?? [];
    const newest = revisions.at(-1);
    if (newest === undefined || undoTurn(revisions, isTheirs) !== seq) continue;
    const { undoing, conflict } = planUndo(revisions, isTheirs);
    if (undoing?.remove === true && !isLive(drive, entryId)) continue;
    const holds = undoing?.remove === true && othersBelow(drive, entryId, isTheirs);
    if (undoing === undefined || holds) {
      if (conflict !== undefined || holds) undone.push({ entryId, isConflict: true });
      continue;
    }
    const operations = undoOperations(undoing, newest, drive.drive.seq, freshWriteId);
    const author = { by: alice, device: undefined };
    const done = drive.commit(request(operations, { author, limits: defaultLimits, atomic: true }));
    const refused = done.result !== 'done' || done.outcomes.some(({ outcome }) => outcome !== 'committed');
    undone.push({ entryId, isConflict: refused || conflict !== undefined });
  }
  return undone;
}

function isLive(drive: MemoryDrive, entryId: EntryId): boolean {
  const entry = drive.entries.get(entryId);
  return entry === undefined || (entry.trashed === undefined && isLive(drive, entry.parentId));
}

/** Whether something live is below a folder that not all is theirs of. */
function othersBelow(drive: MemoryDrive, folder: EntryId, isTheirs: IsTheirs): boolean {
  return drive
    .childrenOf(folder)
    .filter(({ trashed }) => trashed === undefined)
    .some(({ entryId }) => !(drive.revisions.get(entryId) ?? []).every(isTheirs) || othersBelow(drive, entryId, isTheirs));
}
