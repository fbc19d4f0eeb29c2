import type { CommitDone } from '@driftbox/domain';
import type { Transaction } from '@driftbox/postgres';
import type { CommitInput } from './commit-input.ts';
import { copyTags as copySql } from './store/tags.ts';

/** Gives what a commit has just copied the tags that its source has now; sent behind what writes the copies. */
export function copyTags(tx: Transaction, { operations, userId }: CommitInput, done: CommitDone): void {
  const made = new Set(done.changes.filter(({ action }) => action === 'created').map(({ entryId }) => entryId));
  const copies = operations.flatMap((one) =>
    one.op === 'copy' && made.has(one.entryId) ? [{ from: one.from.entryId, to: one.entryId }] : [],
  );
  if (copies.length > 0) tx.defer(copySql, [tx.tenantId, copies.map(({ from }) => from), copies.map(({ to }) => to), userId]);
}
