import { randomUUID } from 'node:crypto';
import {
  addLines,
  can,
  defaultLimits,
  needsOf,
  parseWriteId,
  unshareDrive as decide,
  type DriveId,
  type EntryId,
  type SubtreeSums,
  type UserId,
} from '@driftbox/domain';
import { appendOutbox, type Transaction } from '@driftbox/postgres';
import { Problem, type Entry } from '@driftbox/protocol';
import { requireDrive, type Asker } from './access-drive.ts';
import { applyMoved } from './apply-moved.ts';
import { carry } from './carry.ts';
import type { OnCommitted } from './commit-input.ts';
import { driveOf } from './drive.ts';
import { driveRemoved } from './events.ts';
import { mayNot } from './grantee.ts';
import { loadBelow } from './load-below.ts';
import { loadCommitState, stateOf } from './load-commit-state.ts';
import { holdBoth, moveHolding, ownersOf } from './move-holding.ts';
import { outcomeProblem } from './outcome-problem.ts';
import { presentEntry } from './present-entry.ts';
import { stored, type EntryRow } from './store/entry-row.ts';
import { addHolding, lockHoldings } from './store/hold-bytes.ts';
import { listMounts, readRootRev, removeDrive, type MountRow } from './store/unshare.ts';
import { lockDrive, type DriveRow } from './store/lock-drive.ts';
import { present } from './store/present.ts';
import { purgeEntries } from './store/purge-entries.ts';
import { readCommitContext, type CommitContextRow } from './store/read-commit-context.ts';
import { readEntry } from './store/read-entry.ts';

/** Where the folder is to be. */
export type Into = { readonly drive: DriveId; readonly parentId: EntryId; readonly name: string };

/**
 * Makes a shared drive a folder of another drive, in the caller's transaction, and ends the drive. Locks what the owners hold,
 * then both drives in the order of their ids. Mounts of it in other homes are for `dropMounts` to take. Throws what the rule
 * refuses with.
 */
export async function unshareDrive(tx: Transaction, asker: Asker, into: Into, onCommitted: OnCommitted): Promise<Entry> {
  const seen = await requireDrive(tx, asker, 'read');
  // Before any lock: nobody without the right makes others wait.
  if (!can(seen, 'unshare', seen)) throw mayNot(seen.kind);
  const { source, target, owners, budget } = await lockBoth(tx, asker, seen.owner, into.drive);
  const drive = await requireDrive(tx, asker, 'unshare');
  const about = await tx.query<CommitContextRow>(readCommitContext, [tx.tenantId, into.drive, asker.userId, null, null, null]);
  const { role: targetRole, now_ms: nowMs } = present(about.rows[0]);
  const rows = await loadRows(tx, asker, source, target, into);
  const result = decide(
    {
      source: driveOf(source),
      target: target === undefined || rows.target === undefined ? undefined : stateOf(driveOf(target), rows.target),
      mounts: rows.mounts.map(({ entry_id: entryId, rev }) => ({ entryId, rev })),
      below: rows.below,
      sums: sumsOf(source),
      rootRev: rows.rootRev,
    },
    {
      parentId: into.parentId,
      name: into.name,
      role: drive.role,
      targetRole: targetRole ?? undefined,
      nowMs,
      budget,
      author: { by: asker.userId, device: undefined },
      limits: defaultLimits,
    },
  );
  if (result.result === 'answered') {
    if (result.outcome.outcome === 'committed') throw new Error('a drive is unshared or not');
    throw outcomeProblem(result.outcome);
  }
  const home = present(target);
  const purged = result.target.changes.filter(({ action }) => action === 'purged');
  if (purged.length > 0)
    tx.defer(purgeEntries, [tx.tenantId, into.drive, purged.map(({ entryId }) => entryId), purged.map(({ seq }) => seq)]);
  const entries = [source.root_id, ...rows.below.ids];
  const changesHands = owners.source !== owners.target;
  carry(tx, { from: asker.driveId, to: into.drive, entries, seq: null, targetSeq: result.target.seq, changesHands });
  applyMoved(tx, home, result.target, undefined);
  endDrive(tx, source, into.drive, rows.reservedBytes);
  moveHolding(tx, owners, result.target.grownBytes);
  const head = { drive: into.drive, driveEpoch: home.epoch, seq: result.target.seq };
  tx.afterCommit(() => onCommitted(asker.tenantId, head));
  return presentEntry(present((await tx.query<EntryRow>(readEntry, [tx.tenantId, into.drive, source.root_id])).rows[0]));
}

async function lockBoth(tx: Transaction, { driveId }: Asker, owner: string, into: DriveId) {
  const owners = await ownersOf(tx, driveId, into);
  await tx.query(lockHoldings, [tx.tenantId, owner]);
  const budget = await holdBoth(tx, owners);
  const ids = [...new Set([driveId, into])].toSorted();
  const rows = (await Promise.all(ids.map((id) => tx.query<DriveRow>(lockDrive, [tx.tenantId, id])))).flatMap((one) => one.rows);
  const source = rows.find((row) => row.drive_id === driveId);
  const target = rows.find((row) => row.drive_id === into);
  if (source === undefined) throw new Problem('not_found', 'There is no such drive');
  if (source.owner !== owner || (target !== undefined && target.owner !== owners.target))
    throw new Problem('unavailable', 'The drive is changing hands', { retryAfterSeconds: 1 });
  return { source, target, owners, budget };
}

async function loadRows(tx: Transaction, { driveId, userId }: Asker, source: DriveRow, target: DriveRow | undefined, into: Into) {
  const rootId = source.root_id as EntryId;
  const { parentId, name } = into;
  const needs = needsOf([{ op: 'createFolder', entryId: rootId, parentId, name, writeId: stored(parseWriteId, randomUUID()) }]);
  const [below, mounts, root, state] = await Promise.all([
    loadBelow(tx, driveId, rootId),
    tx.query<MountRow>(listMounts, [tx.tenantId, into.drive, driveId]),
    tx.query<{ rev: number; reserved: number }>(readRootRev, [tx.tenantId, driveId, rootId]),
    target === undefined ? undefined : loadCommitState(tx, into.drive, userId, needs, defaultLimits.seenChanges),
  ]);
  const { rev: rootRev, reserved: reservedBytes } = present(root.rows[0]);
  return { below, mounts: mounts.rows, target: state, rootRev, reservedBytes };
}

/** What the whole drive counts for is what its ledger says. */
function sumsOf(source: DriveRow): SubtreeSums {
  const { rootId, ledger } = driveOf(source);
  return { entryId: rootId, kept: ledger.current, all: addLines(ledger.current, ledger.trash), history: ledger.history };
}

/** The drive, its grants and open uploads go; what it held for later is given back. */
function endDrive(tx: Transaction, source: DriveRow, into: DriveId, reservedBytes: number): void {
  tx.defer(removeDrive, [tx.tenantId, source.drive_id]);
  tx.defer(addHolding, [tx.tenantId, source.owner, -(source.allowance_bytes + reservedBytes), -source.allowance_files]);
  appendOutbox(tx, driveRemoved(source.drive_id as DriveId, source.owner as UserId, into));
}
