import {
  can,
  commit,
  defaultLimits,
  needsOf,
  type Budget,
  type CommitDone,
  type CommitRequest,
  type CommitState,
  type Digest,
  type EntryId,
  type EntryRole,
  type QuotaReached,
  type UserId,
} from '@driftbox/domain';
import type { Database, Transaction } from '@driftbox/postgres';
import { Problem } from '@driftbox/protocol';
import { applyCommit } from './apply-commit.ts';
import { applyBrake } from './brake.ts';
import { checkInTime, type CommitInput, type CommitOutcome, type OnCommitted } from './commit-input.ts';
import { copyTags } from './copy-tags.ts';
import { driveOf } from './drive.ts';
import { blockBytes, blockFiles, leaseAllowance, type Growth, type LeaseAnswer, type Wanted } from './lease-allowance.ts';
import { loadCommitState, stateOf } from './load-commit-state.ts';
import { driveMoveOf, moveBetween } from './move-between.ts';
import { refusedContents, toDomain, unknownLists, type KnownLists } from './operation.ts';
import { decodeChunkRows } from './store/chunk-rows.ts';
import { loadEntryRoles } from './store/entry-grants.ts';
import { loadKnownLists } from './store/load-known-lists.ts';
import { lockDrive, type DriveRow } from './store/lock-drive.ts';
import { readCommitContext, type CommitContextRow } from './store/read-commit-context.ts';
import { present } from './store/present.ts';

/** Thrown inside the transaction to leave it: the drive may grow by less than these operations need. */
class AllowanceShort extends Error {
  readonly owner: UserId;
  readonly wanted: Wanted;
  constructor(owner: UserId, wanted: Wanted) {
    super('the allowance is short');
    this.owner = owner;
    this.wanted = wanted;
  }
}

/** Leases for one commit: more than one only when others use up what was leased for it. */
const maxLeases = 4;

/**
 * Applies a commit in one transaction of two round trips (three when a folder is deleted): lock and load, then write
 * and COMMIT; the rule in between is domain's. When the drive's allowance is short, leases more and runs again; when the database
 * went away, too: by its writeIds a commit that had got through is answered and not done again.
 * Who has no role on the drive may have one on entries of it: one round trip more finds out.
 * Throws `not_found`, `cursor_expired`, `too_large`, `locked` (the brake holds), `unavailable` (commitBy has passed).
 */
export async function commitDrive(database: Database, input: CommitInput, onCommitted: OnCommitted = () => {}): Promise<CommitOutcome> {
  const move = driveMoveOf(input);
  if (move !== undefined) return moveBetween(database, input, move, onCommitted);
  let lease: LeaseAnswer | undefined;
  for (let leases = 0; ; leases += 1) {
    try {
      const isLast = leases === maxLeases || lease?.granted === false;
      const work = (tx: Transaction): Promise<CommitOutcome | Problem> => run(tx, input, { lease, isLast, onCommitted });
      const done = await database.transaction(input.tenantId, work, { signal: input.signal, idempotent: true, plansOnce: true });
      if (done instanceof Problem) throw done;
      return done;
    } catch (error) {
      if (!(error instanceof AllowanceShort)) throw error;
      lease = await leaseAllowance(database, input.tenantId, input.driveId, error.owner, error.wanted);
    }
  }
}

type Attempt = { readonly lease: LeaseAnswer | undefined; readonly isLast: boolean; readonly onCommitted: OnCommitted };

/** Answers a problem, instead of throwing it, where it comes with something that has to be written. */
async function run(tx: Transaction, input: CommitInput, { lease, isLast, onCommitted }: Attempt): Promise<CommitOutcome | Problem> {
  const loaded = await lockAndLoad(tx, input);
  const { drive, about, state } = loaded;
  const request = requestOf(input, loaded, lease);
  const result = commit(state, request);
  if (result.result !== 'done') throw new Problem(result.result, undefined);
  const short = result.outcomes.filter((outcome) => outcome.outcome === 'quota_exceeded');
  if (short.length > 0 && !isLast) throw new AllowanceShort(drive.owner as UserId, wantedBy(state, request, short));
  const refusal = await applyBrake(tx, input, about, state, result);
  if (refusal !== undefined) return refusal;
  if (result.changes.length > 0) {
    write(tx, input, loaded, result);
    copyTags(tx, input, result);
    const head = { drive: input.driveId, driveEpoch: input.driveEpoch, seq: result.seq };
    tx.afterCommit(() => onCommitted(input.tenantId, head));
  }
  return { outcomes: result.outcomes, seq: result.seq };
}

/** What a commit is decided from: the locked drive, who asks and what they may, and every row that its operations touch. */
type Loaded = {
  readonly drive: DriveRow;
  readonly about: CommitContextRow;
  readonly state: CommitState;
  /** Read only for who may not write the drive as a whole. */
  readonly entryRoles: ReadonlyMap<EntryId, EntryRole> | undefined;
  readonly known: KnownLists;
};

/** One round trip for who may write the drive. Throws `not_found`, and `unavailable` for a commit that came too late. */
async function lockAndLoad(tx: Transaction, input: CommitInput): Promise<Loaded> {
  const { driveId, userId, uploadId = null, commitId = null, watched = null, operations } = input;
  const named = unknownLists(operations);
  const needs = needsOf(operations.map((operation) => toDomain(operation, new Map())));
  const [locked, context, lists, rows] = await Promise.all([
    tx.query<DriveRow>(lockDrive, [tx.tenantId, driveId]),
    tx.query<CommitContextRow>(readCommitContext, [tx.tenantId, driveId, userId, uploadId, commitId, watched]),
    named.length === 0 ? undefined : tx.query<KnownListRow>(loadKnownLists, [tx.tenantId, driveId, named, uploadId]),
    loadCommitState(tx, driveId, userId, needs, defaultLimits.seenChanges),
  ]);
  const [drive] = locked.rows;
  const about = present(context.rows[0]);
  if (drive === undefined) throw noDrive();
  const state = stateOf(driveOf(drive), rows);
  const entryRoles = can(about, 'write', drive) ? undefined : await readEntryRoles(tx, userId, state);
  if (!can(about, 'read', drive) && (entryRoles?.size ?? 0) === 0) throw noDrive();
  checkInTime(about, input);
  return { drive, about, state, entryRoles, known: knownLists(lists?.rows ?? []) };
}

function requestOf(input: CommitInput, { drive, about, entryRoles, known }: Loaded, lease: LeaseAnswer | undefined): CommitRequest {
  return {
    driveEpoch: input.driveEpoch,
    atomic: input.atomic,
    role: about.role ?? undefined,
    entryRoles,
    nowMs: about.now_ms,
    operations: input.operations.map((operation) => toDomain(operation, known)),
    author: { by: input.userId, device: input.deviceId },
    budget: budgetOf({ bytes: (about.left_bytes ?? 0) + drive.allowance_bytes, files: drive.allowance_files }, lease),
    limits: { ...defaultLimits, fileBytes: Math.min(defaultLimits.fileBytes, about.file_bytes ?? Infinity) },
    refused: refusedContents(input.operations, known),
  };
}

const noDrive = (): Problem => new Problem('not_found', 'There is no such drive');

/** What who may not write the drive may do with single entries of it. */
async function readEntryRoles(tx: Transaction, userId: UserId, { entries }: CommitState): Promise<Map<EntryId, EntryRole>> {
  const values = [tx.tenantId, userId, entries.map(({ entryId }) => entryId)];
  const { rows } = await tx.query<{ entry_id: EntryId; role: EntryRole }>(loadEntryRoles, values);
  return new Map(rows.map((row) => [row.entry_id, row.role]));
}

/** Grown bytes come out of the upload's reservation first, then out of the drive's allowance; what is freed goes to the allowance. */
function write(tx: Transaction, input: CommitInput, { drive, about, state }: Loaded, done: CommitDone): void {
  const leftBytes = about.left_bytes ?? 0;
  const reserved = Math.min(leftBytes, Math.max(0, done.grownBytes));
  applyCommit(tx, state, done, input.commitId, {
    uploadId: input.uploadId,
    leftBytes: leftBytes - reserved,
    allowanceBytes: drive.allowance_bytes - (done.grownBytes - reserved),
    allowanceFiles: drive.allowance_files - done.grownFiles,
  });
}

function budgetOf(may: Growth, lease: LeaseAnswer | undefined): Budget {
  return {
    growBytes: may.bytes,
    limit: lease?.limit ?? 'user',
    limitBytes: lease?.limitBytes ?? 0,
    usedBytes: lease?.usedBytes ?? 0,
    files: { growFiles: may.files, limitFiles: lease?.limitFiles ?? 0, usedFiles: lease?.usedFiles ?? 0 },
  };
}

/**
 * By how much more than it may the drive would grow if these operations had all the room they want, and a block beyond of
 * what they were short of. Not atomically: one that fails for another reason must not hide what those before it need.
 */
function wantedBy(state: CommitState, request: CommitRequest, short: readonly { limit: QuotaReached['limit'] }[]): Wanted {
  const { growBytes, files } = request.budget;
  const room = { ...request.budget, growBytes: Number.MAX_SAFE_INTEGER, files: undefined };
  const free = commit(state, { ...request, atomic: false, budget: room });
  const grown = free.result === 'done' ? { bytes: free.grownBytes, files: free.grownFiles } : { bytes: 0, files: 0 };
  const need = { bytes: Math.max(0, grown.bytes - growBytes), files: Math.max(0, grown.files - (files?.growFiles ?? Infinity)) };
  const ofFiles = short.some(({ limit }) => limit === 'files');
  const ofBytes = need.bytes > 0 || short.some(({ limit }) => limit !== 'files');
  return { need, most: { bytes: need.bytes + (ofBytes ? blockBytes : 0), files: need.files + (ofFiles ? blockFiles : 0) } };
}

type KnownListRow = { list_id: Digest; list_form: number | null; size_bytes: number | null; form: number | null; encoded: Buffer | null };

function knownLists(rows: readonly KnownListRow[]): KnownLists {
  return new Map(rows.map((row) => [row.list_id, { chunks: chunksOf(row) }]));
}

function chunksOf(row: KnownListRow) {
  if (row.form === 1 && row.encoded !== null) return decodeChunkRows(row.encoded);
  if (row.form !== null) return undefined;
  return [{ digest: row.list_id, sizeBytes: row.size_bytes ?? 0 }];
}
