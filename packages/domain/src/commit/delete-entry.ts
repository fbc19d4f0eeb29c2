import type { EntryId } from '../ids.ts';
import type { Outcome } from '../operation.ts';
import type { Of } from './answers.ts';
import { checkLive, checkSeen } from './checks.ts';
import type { Working } from './working.ts';
import { putNext } from './write-entry.ts';

/** Entries named in a refusal: enough to show a person, few enough to answer. */
const namedEntries = 100;

/**
 * Moves an entry to the trash with everything under it: one row, because liveness is inherited. An edit beats a
 * delete, so it is refused unless its author had seen the entry's very newest state, and for a folder everything that
 * anybody else did inside it up to now.
 */
export function deleteEntry(work: Working, op: Of<'delete'>): Outcome {
  const checked = checkLive(work, op.entryId);
  if (!checked.ok) return checked.outcome;
  const before = checked.found;
  const stale = checkSeen(before, op.baseRev, before.rev) ?? (before.body.kind === 'folder' ? checkUnseen(work, op) : undefined);
  if (stale !== undefined) return stale;
  return putNext(work, op.writeId, before, { trashed: { atMs: work.request.nowMs, by: work.request.author.by } }, 'trashed');
}

/**
 * Looks for changes by others after `seenSeq` that are in the folder now. What this very commit changed its author has
 * seen; what was moved out of the folder is not taken by the delete. Unknown (too many changes) counts as found.
 */
export function checkUnseen(work: Working, op: Pick<Of<'delete'>, 'entryId' | 'seenSeq'>): Outcome | undefined {
  const { changed } = work.state;
  const unseen: EntryId[] = [];
  for (const { entryId, seq } of changed.entries) {
    if (seq <= op.seenSeq || entryId === op.entryId || work.find(entryId) === undefined) continue;
    if (work.isUnder(entryId, op.entryId)) unseen.push(entryId);
    if (unseen.length === namedEntries) break;
  }
  if (unseen.length > 0) return { outcome: 'revision_conflict', entries: unseen };
  return changed.complete ? undefined : { outcome: 'revision_conflict', entries: [] };
}
