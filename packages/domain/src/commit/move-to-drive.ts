import type { Change } from '../change.ts';
import type { Entry, Place } from '../entry.ts';
import type { DriveId, EntryId } from '../ids.ts';
import { invariant } from '../invariant.ts';
import { maxMovedEntries } from '../limits.ts';
import type { Outcome } from '../operation.ts';
import type { Revision } from '../revision.ts';
import { can } from '../role.ts';
import type { Role } from '../role.ts';
import { found, invalid, notFound, refuse } from './answers.ts';
import type { Checked, Of } from './answers.ts';
import { checkLive, checkPlace, checkSeen } from './checks.ts';
import type { CommitDone, CommitRefused, CommitRequest } from './result.ts';
import { changeOfShare, checkRoomFor, tooMany } from './share-of-drive.ts';
import type { CommitState, WriteAnswer } from './state.ts';
import { addShares, emptyShare } from './subtree-ledger.ts';
import type { Share } from './subtree-ledger.ts';
import { Working } from './working.ts';

/** A `move` that names another drive than the one it is sent to. */
export type DriveMove = Of<'move'> & { readonly toDrive: DriveId };

/**
 * One move between drives: it is the only operation of its commit. `role` and `driveEpoch` are those of the drive that
 * the entry leaves; `targetRole` is `undefined` for who may not know the target. `budget` is what the target may grow
 * by: where one owner is charged for both drives, the store adds what the source gives back.
 */
export type DriveMoveRequest = Omit<CommitRequest, 'operations' | 'atomic' | 'refused'> & {
  readonly operation: DriveMove;
  readonly targetRole: Role | undefined;
};

/** The rows of both drives, as they are under the locks of both. */
export type DriveMoveState = {
  /** What `needsOf` asks for the operation, and the sums of the entry. */
  readonly source: CommitState;
  /** What `needsOf` asks for the operation; `undefined` when there is no such drive. */
  readonly target: CommitState | undefined;
  /** What lies under the entry, in the trash or not: how many (counted as far as one beyond the limit), any mount. */
  readonly below: { readonly entries: number; readonly hasMount: boolean };
};

/**
 * What the source remembers of an entry that left it: which change took it away, where it stood, and which drive and
 * change it is found at. Everything under it is remembered with it.
 */
export type Departure = Place & { readonly entryId: EntryId; readonly seq: number; readonly drive: DriveId; readonly targetSeq: number };

/**
 * What to write when the entry moved. A store does it in this order, in one transaction:
 * 1. the entry and everything under it, in the trash or not, with all revisions, become the target's; each of these
 *    rows takes `departure.targetSeq` as its `seq` (and as that of its trash mark), because a number of the source's
 *    journal means nothing in the target's;
 * 2. `source` and `target` are written like any commit's result, and `departure` is kept with the source.
 * Answers to older writes stay with the drive that gave them.
 */
export type DriveMoved = {
  readonly result: 'moved';
  readonly source: CommitDone;
  readonly target: CommitDone;
  readonly departure: Departure;
};

/** Nothing to write: the move was refused, or had been answered before. */
export type DriveMoveAnswered = { readonly result: 'answered'; readonly outcome: Outcome };

export type DriveMoveResult = DriveMoved | DriveMoveAnswered | CommitRefused;

/**
 * The rule of a move between drives: like a move within one, an edit in between does not matter and another move does.
 * Each journal gets one change, however much moves; the outcome carries the source's `seq`, where it was asked.
 *
 * What holds for every result (each is a law with a property test):
 * 1. Both drives together hold the entries and revisions they held before, and one revision more: the new place.
 * 2. Both stay trees with unique names, and their journals without a gap.
 * 3. Both ledgers equal a recount; the target grows by no more than the budget.
 * 4. What is refused or repeated writes nothing.
 */
export function moveToDrive(state: DriveMoveState, request: DriveMoveRequest): DriveMoveResult {
  const { operation } = request;
  const { drive } = state.source;
  invariant(operation.toDrive !== drive.driveId, 'a move within one drive is an operation of its commit');
  if (request.driveEpoch !== drive.epoch) return { result: 'cursor_expired' };

  const source = new Working(state.source, { ...request, operations: [operation], atomic: true });
  const known = source.answerOf(operation.entryId, operation.writeId);
  if (known !== undefined) return { result: 'answered', outcome: committed(known) };
  const target = checkTarget(state, request);
  if (!target.ok) return { result: 'answered', outcome: target.outcome };
  const leaving = checkLeaving(source, state, operation);
  if (!leaving.ok) return { result: 'answered', outcome: leaving.outcome };
  if (state.below.entries > maxMovedEntries) return { result: 'answered', outcome: tooMany };
  const place = checkPlace(target.found, operation.entryId, operation.parentId, operation.name);
  if (!place.ok) return { result: 'answered', outcome: place.outcome };

  const share = source.sums.of(operation.entryId);
  invariant(share !== undefined, 'the sums of what moves to another drive are loaded');
  const noRoom = checkRoomFor(share, request.budget);
  if (noRoom !== undefined) return { result: 'answered', outcome: noRoom };
  return moved(source, target.found, { before: leaving.found, place: place.found, share });
}

/** The actor may write to both drives, and neither is locked. A drive that one may not know of does not exist. */
function checkTarget({ source, target }: DriveMoveState, request: DriveMoveRequest): Checked<Working> {
  if (!can(request, 'write', source.drive)) return refuse({ outcome: 'permission_denied' });
  if (source.drive.locked) return refuse({ outcome: 'locked' });
  if (target === undefined || request.targetRole === undefined) return refuse(notFound('the target drive does not exist'));
  if (!can({ role: request.targetRole }, 'write', target.drive)) return refuse({ outcome: 'permission_denied' });
  if (target.drive.locked) return refuse({ outcome: 'locked' });
  return found(new Working(target, { ...request, operations: [request.operation], atomic: true }));
}

/** The entry is live, stands where the writer saw it, and is nothing that the target may not hold. */
function checkLeaving(source: Working, { target, below }: DriveMoveState, operation: DriveMove): Checked<Entry> {
  const checked = checkLive(source, operation.entryId);
  if (!checked.ok) return checked;
  const stale = checkSeen(checked.found, operation.baseRev, checked.found.placeRev);
  if (stale !== undefined) return refuse(stale);
  const mounts = checked.found.body.kind === 'mount' || below.hasMount;
  if (mounts && target?.drive.kind !== 'home') return refuse(invalid('only a home drive holds mounts'));
  return checked;
}

type Leaving = { readonly before: Entry; readonly place: Place; readonly share: Share };

/** The rows of both sides: the target gets the entry's new state, the source a change and the answer. */
function moved(source: Working, target: Working, { before, place, share }: Leaving): DriveMoved {
  const { author, nowMs } = source.request;
  const { entryId } = before;
  const rev = before.rev + 1;
  const seq = source.seq + 1;
  const targetSeq = target.seq + 1;
  const operation = source.request.operations[0];
  invariant(operation !== undefined, 'a move between drives is alone in its commit');
  const after: Entry = { ...before, ...place, rev, placeRev: rev, seq: targetSeq };
  const revision: Revision = {
    ...author,
    ...place,
    entryId,
    rev,
    seq: targetSeq,
    atMs: nowMs,
    trashed: false,
    body: after.body,
    charged: false,
  };
  const change: Omit<Change, 'seq' | 'action'> = { ...author, entryId, rev, atMs: nowMs };
  const answer: WriteAnswer = { entryId, writeId: operation.writeId, rev, seq };
  const outcomes = [committed(answer)];
  return {
    result: 'moved',
    source: {
      ...changeOfShare(source, addShares(emptyShare, share, -1), 1),
      outcomes,
      changes: [{ ...change, seq, action: 'movedAway' }],
      answers: [answer],
    },
    target: {
      ...changeOfShare(target, share, 1),
      outcomes,
      entries: [after],
      revisions: [revision],
      changes: [{ ...change, seq: targetSeq, action: 'moved' }],
    },
    departure: { entryId, seq, drive: target.state.drive.driveId, targetSeq, parentId: before.parentId, name: before.name },
  };
}

function committed({ entryId, rev, seq }: WriteAnswer): Outcome {
  return { outcome: 'committed', entryId, rev, seq };
}
