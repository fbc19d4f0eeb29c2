import { randomUUID } from 'node:crypto';
import {
  can,
  defaultLimits,
  needsOf,
  parseDriveId,
  parseEntryId,
  parseWriteId,
  shareFolder as decide,
  type DriveId,
  type EntryId,
  type FolderShared,
  type Role,
  type SubjectId,
} from '@driftbox/domain';
import { appendOutbox, type Transaction } from '@driftbox/postgres';
import { Problem, type Drive } from '@driftbox/protocol';
import { requireDrive, type Asker } from './access-drive.ts';
import { applyMoved } from './apply-moved.ts';
import { depart } from './carry.ts';
import type { OnCommitted } from './commit-input.ts';
import { driveOf } from './drive.ts';
import { driveCreated, grantChanged } from './events.ts';
import { peopleOf } from './grantee.ts';
import { loadBelow, sumBelow } from './load-below.ts';
import { loadCommitState, stateOf } from './load-commit-state.ts';
import { outcomeProblem } from './outcome-problem.ts';
import { presentDrive } from './present-drive.ts';
import { dropFolder, readSince } from './store/carry-entries.ts';
import { insertDrive } from './store/create-drive.ts';
import { liftGrants } from './store/entry-grants.ts';
import { stored } from './store/entry-row.ts';
import { lockDrive, type DriveRow } from './store/lock-drive.ts';
import { present } from './store/present.ts';
import { readCommitContext, type CommitContextRow } from './store/read-commit-context.ts';

/** The folder as its owner has seen it: of `seenSeq` and before they know all. */
export type Folder = { readonly entryId: EntryId; readonly baseRev: number; readonly seenSeq: number };

/**
 * Makes a folder of the asker's home a shared drive, with a mount in its place, in the caller's transaction: ids, revisions and
 * history stay, no bytes move. Locks the home drive alone: of the new one nobody knows. Throws what the rule refuses with.
 */
export async function shareFolder(tx: Transaction, asker: Asker, folder: Folder, onCommitted: OnCommitted): Promise<Drive> {
  const { driveId, userId } = asker;
  const [locked, context] = await Promise.all([
    tx.query<DriveRow>(lockDrive, [tx.tenantId, driveId]),
    tx.query<CommitContextRow>(readCommitContext, [tx.tenantId, driveId, userId, null, null, null]),
  ]);
  const [home] = locked.rows;
  const about = present(context.rows[0]);
  if (home === undefined || about.role === null || !can(about, 'read', home)) throw new Problem('not_found', 'There is no such drive');
  const rows = await loadRows(tx, asker, folder);
  const result = decide(
    {
      source: stateOf(driveOf(home), rows.source),
      below: rows.below,
    },
    {
      ...folder,
      driveEpoch: home.epoch,
      role: about.role,
      nowMs: about.now_ms,
      author: { by: userId, device: undefined },
      limits: defaultLimits,
      mountId: stored(parseEntryId, randomUUID()),
      drive: { driveId: stored(parseDriveId, randomUUID()), epoch: randomUUID() },
    },
  );
  if (result.result === 'answered' && result.outcome.outcome !== 'committed') throw outcomeProblem(result.outcome);
  if (result.result !== 'shared') throw new Error('a folder is shared or not');
  await write(tx, asker, home, result, { below: rows.below.ids, sinceSeq: rows.sinceSeq });
  const heads = [
    { drive: driveId, driveEpoch: home.epoch, seq: result.source.seq },
    { drive: result.drive.driveId, driveEpoch: result.drive.epoch, seq: result.target.seq },
  ];
  for (const head of heads) tx.afterCommit(() => onCommitted(asker.tenantId, head));
  return presentDrive(await requireDrive(tx, { ...asker, driveId: result.drive.driveId }, 'read'));
}

async function loadRows(tx: Transaction, { driveId, userId }: Asker, folder: Folder) {
  const needs = needsOf([{ op: 'delete', writeId: stored(parseWriteId, randomUUID()), ...folder }]);
  const [below, since, source] = await Promise.all([
    loadBelow(tx, driveId, folder.entryId),
    tx.query<{ since: number | null }>(readSince, [tx.tenantId, driveId, folder.entryId]),
    loadCommitState(tx, driveId, userId, { ...needs, sums: [] }, defaultLimits.seenChanges),
  ]);
  const entry = source.entries.find((one) => one.entryId === folder.entryId);
  const sums = await sumBelow(tx, entry, below);
  return { below, source: { ...source, sums }, sinceSeq: since.rows[0]?.since ?? 0 };
}

type Rows = { readonly below: readonly string[]; readonly sinceSeq: number };

async function write(tx: Transaction, asker: Asker, home: DriveRow, result: FolderShared, rows: Rows): Promise<void> {
  const { below, sinceSeq } = rows;
  const { drive, departure } = result;
  const values = [tx.tenantId, drive.driveId, drive.rootId, drive.kind, home.owner, result.name, drive.epoch];
  await tx.query(insertDrive, values);
  const made = present((await tx.query<DriveRow>(lockDrive, [tx.tenantId, drive.driveId])).rows[0]);
  appendOutbox(tx, driveCreated(drive.driveId, made.owner as Asker['userId'], drive.kind));
  depart(tx, { from: home.drive_id as DriveId, departure, below, sinceSeq, changesHands: false });
  await liftRoles(tx, { ...asker, driveId: drive.driveId }, drive.rootId, result.name);
  tx.defer(dropFolder, [tx.tenantId, drive.driveId, drive.rootId]);
  applyMoved(tx, home, result.source, undefined);
  applyMoved(tx, made, result.target, undefined);
}

/** Whoever was let in to the folder itself has that role on its drive from now on. */
async function liftRoles(tx: Transaction, asker: Asker, rootId: EntryId, driveName: string): Promise<void> {
  const { rows } = await tx.query<{ subject: SubjectId; role: Role }>(liftGrants, [tx.tenantId, rootId, asker.driveId]);
  for (const { subject, role } of rows)
    appendOutbox(tx, grantChanged(asker, { subject, role, people: await peopleOf(tx, subject), driveName }));
}
