import type { SubtreeSums } from './commit/state.ts';
import { lineOf } from './commit/working.ts';
import type { EntryId } from './ids.ts';
import { addLines, emptyLine } from './ledger.ts';
import type { Ledger, LedgerLine } from './ledger.ts';
import type { MemoryDrive } from './memory-drive.ts';

/** The sums of the tree at and under an entry, counted row by row. */
export function sumSubtree(drive: MemoryDrive, entryId: EntryId): SubtreeSums {
  const entry = drive.entries.get(entryId);
  let kept = entry === undefined ? emptyLine : lineOf(entry);
  let all = kept;
  let history = historyOf(drive, entryId);
  for (const child of drive.childrenOf(entryId)) {
    const sums = sumSubtree(drive, child.entryId);
    if (child.trashed === undefined) kept = addLines(kept, sums.kept);
    all = addLines(all, sums.all);
    history = addLines(history, sums.history);
  }
  return { entryId, kept, all, history };
}

/** The ledger that the rows say, to hold against the one that was kept. */
export function recount(drive: MemoryDrive): Ledger {
  const { kept, all, history } = sumSubtree(drive, drive.drive.rootId);
  return { current: kept, trash: addLines(all, kept, -1), history };
}

/** An entry's replaced contents: all that were charged, less the one it has now. */
function historyOf(drive: MemoryDrive, entryId: EntryId): LedgerLine {
  const entry = drive.entries.get(entryId);
  if (entry === undefined) return emptyLine;
  const charged = (drive.revisions.get(entryId) ?? []).filter((revision) => revision.charged);
  const total = charged.reduce((sum, revision) => addLines(sum, lineOf(revision)), emptyLine);
  return addLines(total, lineOf(entry), -1);
}
