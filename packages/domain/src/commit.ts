import { copyEntry } from './commit/copy-entry.ts';
import { createFolder } from './commit/create-folder.ts';
import { deleteEntry } from './commit/delete-entry.ts';
import { checkRole } from './commit/entry-role.ts';
import { moveEntry } from './commit/move-entry.ts';
import { purgeEntry } from './commit/purge-entry.ts';
import { putFile } from './commit/put-file.ts';
import { putMount } from './commit/put-mount.ts';
import { putSymlink } from './commit/put-symlink.ts';
import { restoreRevision } from './commit/restore-revision.ts';
import type { CommitDone, CommitRequest, CommitResult } from './commit/result.ts';
import { setAttributes } from './commit/set-attributes.ts';
import type { CommitState } from './commit/state.ts';
import { untrashEntry } from './commit/untrash-entry.ts';
import { Working } from './commit/working.ts';
import type { Operation, Outcome } from './operation.ts';

/**
 * The commit rule: what a batch of operations does to a drive. Everything DriftBox promises about ordering, conflicts,
 * names, trash and quota is decided here, by a pure function of the rows it may look at (`needsOf` says which):
 *
 *     operations -> needsOf -> (a store loads, under the drive's lock) -> commit -> (the store writes) -> answer
 *
 * The metadata service wraps it in one database transaction, the simulator in maps; neither adds a rule of its own.
 *
 * What holds for every result (each is a law with a property test):
 * 1. The tree stays a tree: no cycle, and among the untrashed children of one parent every name is there once.
 * 2. `seq` grows by one per committed operation, without a gap, in the order of the operations.
 * 3. A writer that had not seen the newest content never replaces it, and a folder is never deleted with anything in
 *    it that the deleter had not seen.
 * 4. The same write asked twice is written once, and answered alike both times.
 * 5. `atomic` commits all or nothing.
 * 6. The ledger equals a recount of the rows, and the drive never grows beyond the budget, in bytes and in files.
 *
 * Operations are evaluated in order, each seeing the effects of those before it; one that is refused leaves no trace,
 * and the rest go on. The answer has one outcome per operation, in order.
 */
export function commit(state: CommitState, request: CommitRequest): CommitResult {
  if (request.driveEpoch !== state.drive.epoch) return { result: 'cursor_expired' };
  if (request.operations.length > request.limits.operations) return { result: 'too_large' };

  const work = new Working(state, request);
  const outcomes: Outcome[] = [];
  for (const [index, operation] of request.operations.entries()) {
    const outcome = answer(work, operation, request.refused?.get(index));
    if (request.atomic && outcome.outcome !== 'committed') return abort(state, request, index, outcome);
    outcomes.push(outcome);
  }
  return done(work, outcomes);
}

/**
 * One operation's outcome. The order of these questions matters: a write that is known already is answered before
 * anything can refuse it (its entry may be long purged), and what the actor may not do is refused before anything is
 * said about the tree.
 */
function answer(work: Working, operation: Operation, refused: Outcome | undefined): Outcome {
  const known = work.answerOf(operation.entryId, operation.writeId);
  if (known !== undefined) return { outcome: 'committed', entryId: known.entryId, rev: known.rev, seq: known.seq };
  const mayNot = checkRole(work, operation);
  if (mayNot !== undefined) return mayNot;
  if (work.state.drive.locked) return { outcome: 'locked' };
  return refused ?? evaluate(work, operation);
}

/** One evaluator per operation, each in a file of its own: it checks everything first and writes last. */
function evaluate(work: Working, operation: Operation): Outcome {
  switch (operation.op) {
    case 'createFolder':
      return createFolder(work, operation);
    case 'putFile':
      return putFile(work, operation);
    case 'putSymlink':
      return putSymlink(work, operation);
    case 'putMount':
      return putMount(work, operation);
    case 'setAttributes':
      return setAttributes(work, operation);
    case 'copy':
      return copyEntry(work, operation);
    case 'move':
      return moveEntry(work, operation);
    case 'delete':
      return deleteEntry(work, operation);
    case 'untrash':
      return untrashEntry(work, operation);
    case 'restoreRevision':
      return restoreRevision(work, operation);
    case 'purge':
      return purgeEntry(work, operation);
  }
}

/**
 * The result of an atomic commit whose operation `index` failed with `cause`: nothing to write. The others answer
 * `aborted`, except those that an earlier commit had written already: they are as committed as they were.
 */
function abort(state: CommitState, request: CommitRequest, index: number, cause: Outcome): CommitDone {
  const untouched = new Working(state, request);
  const outcomes = request.operations.map((operation, at): Outcome => {
    if (at === index) return cause;
    const known = untouched.answerOf(operation.entryId, operation.writeId);
    return known === undefined ? { outcome: 'aborted' } : { outcome: 'committed', entryId: known.entryId, rev: known.rev, seq: known.seq };
  });
  return done(untouched, outcomes);
}

/** What to write: the newest state of everything touched, without what a later operation purged again. */
function done(work: Working, outcomes: readonly Outcome[]): CommitDone {
  const { written } = work;
  const entries = [...written.touched].map((entryId) => work.find(entryId));
  const dropped = [...written.touched].filter((entryId) => work.find(entryId) === undefined);
  return {
    result: 'done',
    outcomes,
    entries: entries.filter((entry) => entry !== undefined),
    revisions: dropped.length === 0 ? written.revisions : written.revisions.filter(({ entryId }) => work.find(entryId) !== undefined),
    changes: written.changes,
    answers: written.answers,
    purged: [...new Set([...written.purged, ...dropped])],
    seq: work.seq,
    ledger: work.ledger,
    grownBytes: work.grownBytes,
    grownFiles: work.grownFiles,
  };
}
