import { addLines } from '../ledger.ts';
import type { Ledger } from '../ledger.ts';
import { maxMovedEntries } from '../limits.ts';
import type { Outcome } from '../operation.ts';
import type { Budget, CommitDone } from './result.ts';
import type { Share } from './subtree-ledger.ts';
import type { Working } from './working.ts';

/** The answer where more is under a folder than moves to another drive in one transaction. */
export const tooMany: Outcome = {
  outcome: 'too_large',
  detail: `at most ${maxMovedEntries} entries under a folder move to another drive`,
};

/** Everything that comes along is charged to the target: contents, their history, and what is in the trash below. */
export function checkRoomFor({ all, history }: Share, { files, ...budget }: Budget): Outcome | undefined {
  if (files !== undefined && all.files > 0 && all.files > files.growFiles)
    return { outcome: 'quota_exceeded', limit: 'files', limitFiles: files.limitFiles, usedFiles: files.usedFiles };
  const growsBy = all.bytes + history.bytes;
  if (growsBy === 0 || growsBy <= budget.growBytes) return undefined;
  return { outcome: 'quota_exceeded', limit: budget.limit, limitBytes: budget.limitBytes, usedBytes: budget.usedBytes };
}

/** One drive after `changes` changes that brought `share` of live things (negative: took it away); no rows yet. */
export function changeOfShare({ state, seq }: Working, { kept, all, history }: Share, changes: number): CommitDone {
  const before = state.drive.ledger;
  const ledger: Ledger = {
    current: addLines(before.current, kept),
    history: addLines(before.history, history),
    trash: addLines(addLines(before.trash, all), kept, -1),
  };
  const rows = { outcomes: [], entries: [], revisions: [], changes: [], answers: [], purged: [] };
  return { result: 'done', ...rows, seq: seq + changes, ledger, grownBytes: all.bytes + history.bytes, grownFiles: all.files };
}
