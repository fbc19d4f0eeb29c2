import {
  can,
  defaultLimits,
  moveToDrive,
  needsOf,
  type Budget,
  type DriveId,
  type DriveMove,
  type DriveMoved,
  type DriveMoveResult,
} from '@driftbox/domain';
import type { Database, Transaction } from '@driftbox/postgres';
import { Problem } from '@driftbox/protocol';
import { applyMoved } from './apply-moved.ts';
import { depart } from './carry.ts';
import { refuseHeld } from './brake.ts';
import { checkInTime, type CommitInput, type CommitOutcome, type OnCommitted } from './commit-input.ts';
import { driveOf } from './drive.ts';
import { loadBelow, sumBelow } from './load-below.ts';
import { loadCommitState, stateOf } from './load-commit-state.ts';
import { toDomain } from './operation.ts';
import { readSince } from './store/carry-entries.ts';
import { lockDrive, type DriveRow } from './store/lock-drive.ts';
import { present } from './store/present.ts';
import { readCommitContext, type CommitContextRow } from './store/read-commit-context.ts';
import { giveRoomBack, holdBoth, moveHolding, ownersOf, type Owners } from './move-holding.ts';

/** The commit's one operation where it is a move to another drive. One among others is refused by the commit rule. */
export function driveMoveOf({ driveId, operations: [first, second] }: CommitInput): DriveMove | undefined {
  if (first?.op !== 'move' || second !== undefined) return undefined;
  const operation = toDomain(first, new Map());
  if (operation.op !== 'move' || operation.toDrive === undefined || operation.toDrive === driveId) return undefined;
  return { ...operation, toDrive: operation.toDrive };
}

/** A drive changed hands while its move waited for its locks: the move starts again. */
class OwnerChanged extends Error {}

const maxAttempts = 4;

/**
 * Moves an entry with all below it to another drive, in one transaction: locks, rows of both drives, domain's rule, both
 * sides' writes. Locks: what the owners hold, where it changes, then both drives in the order of their ids, so that moves
 * in opposite directions wait for each other and for nothing else. A target owner who is short of room gets back first what
 * their other drives only hold for later. Throws `not_found`, `cursor_expired`, `unavailable`.
 */
export async function moveBetween(
  database: Database,
  input: CommitInput,
  operation: DriveMove,
  onCommitted: OnCommitted,
): Promise<CommitOutcome> {
  const options = { signal: input.signal, idempotent: true };
  let reclaimed = false;
  for (let attempt = 1; ; attempt += 1) {
    try {
      const work = (tx: Transaction): Promise<CommitOutcome> => run(tx, input, operation, onCommitted);
      const done = await database.transaction(input.tenantId, work, options);
      if (reclaimed || done.outcomes[0]?.outcome !== 'quota_exceeded') return done;
      reclaimed = true;
      await giveRoomBack(database, input.tenantId, operation.toDrive);
    } catch (error) {
      if (!(error instanceof OwnerChanged) || attempt >= maxAttempts) throw error;
    }
  }
}

type Locked = { readonly source: DriveRow; readonly target: DriveRow | undefined; readonly owners: Owners; readonly budget: Budget };

async function run(tx: Transaction, input: CommitInput, operation: DriveMove, onCommitted: OnCommitted): Promise<CommitOutcome> {
  const locked = await lockBoth(tx, input.driveId, operation.toDrive);
  const { source, target } = locked;
  const [about, aboutTarget] = await Promise.all([
    readAbout(tx, input, true),
    readAbout(tx, { ...input, driveId: operation.toDrive }, false),
  ]);
  if (about.role === null || !can(about, 'read', source)) throw new Problem('not_found', 'There is no such drive');
  checkInTime(about, input);
  const rows = await loadRows(tx, input, operation, target !== undefined);
  const result = moveToDrive(
    {
      source: stateOf(driveOf(source), rows.source),
      target: target === undefined ? undefined : stateOf(driveOf(target), present(rows.target)),
      below: rows.below,
    },
    {
      operation,
      driveEpoch: input.driveEpoch,
      role: about.role,
      targetRole: aboutTarget.role ?? undefined,
      nowMs: about.now_ms,
      author: { by: input.userId, device: input.deviceId },
      budget: locked.budget,
      limits: defaultLimits,
    },
  );
  if (result.result !== 'moved') return unmoved(result, source.seq);
  refuseHeld(about, input);
  const changesHands = locked.owners.source !== locked.owners.target;
  depart(tx, { from: input.driveId, departure: result.departure, below: rows.below.ids, sinceSeq: rows.sinceSeq, changesHands });
  applyMoved(tx, source, result.source, input.commitId);
  applyMoved(tx, present(target), result.target, undefined);
  moveHolding(tx, locked.owners, result.target.grownBytes);
  for (const [{ epoch }, { seq }, drive] of [
    [source, result.source, input.driveId],
    [present(target), result.target, operation.toDrive],
  ] as const) {
    tx.afterCommit(() => onCommitted(input.tenantId, { drive, driveEpoch: epoch, seq }));
  }
  return { outcomes: result.source.outcomes, seq: result.source.seq };
}

function unmoved(result: Exclude<DriveMoveResult, DriveMoved>, seq: number): CommitOutcome {
  if (result.result !== 'answered') throw new Problem(result.result, undefined);
  return { outcomes: [result.outcome], seq };
}

/** Locks both drives. Where different people own them, what both hold is locked before. Throws `not_found` for the source. */
async function lockBoth(tx: Transaction, sourceId: DriveId, targetId: DriveId): Promise<Locked> {
  const owners = await ownersOf(tx, sourceId, targetId);
  const budget = await holdBoth(tx, owners);
  const found = await Promise.all([sourceId, targetId].toSorted().map((id) => tx.query<DriveRow>(lockDrive, [tx.tenantId, id])));
  const rows = found.flatMap((one) => one.rows);
  const source = rows.find((row) => row.drive_id === sourceId);
  const target = rows.find((row) => row.drive_id === targetId);
  if (source === undefined) throw new Problem('not_found', 'There is no such drive');
  const same = source.owner === owners.source && (target === undefined || target.owner === owners.target);
  if (!same) throw new OwnerChanged('a drive has another owner now');
  return { source, target, owners, budget };
}

async function readAbout(tx: Transaction, input: CommitInput, asked: boolean): Promise<CommitContextRow> {
  const values = [tx.tenantId, input.driveId, input.userId, null, asked ? (input.commitId ?? null) : null, input.watched ?? null];
  return present((await tx.query<CommitContextRow>(readCommitContext, values)).rows[0]);
}

async function loadRows(tx: Transaction, { driveId, userId }: CommitInput, operation: DriveMove, hasTarget: boolean) {
  const needs = needsOf([operation]);
  const { entryId, toDrive } = operation;
  const [below, since, source, target] = await Promise.all([
    loadBelow(tx, driveId, entryId),
    tx.query<{ since: number | null }>(readSince, [tx.tenantId, driveId, entryId]),
    loadCommitState(tx, driveId, userId, needs, defaultLimits.seenChanges),
    hasTarget ? loadCommitState(tx, toDrive, userId, needs, defaultLimits.seenChanges) : undefined,
  ]);
  const entry = source.entries.find((one) => one.entryId === entryId);
  const sums = await sumBelow(tx, entry, below);
  return { below, source: { ...source, sums }, target, sinceSeq: since.rows[0]?.since ?? 0 };
}
