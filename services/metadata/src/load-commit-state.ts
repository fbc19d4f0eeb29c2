import {
  parseDriveId,
  parseEntryId,
  parseWriteId,
  type CommitNeeds,
  type CommitState,
  type Drive,
  type DriveId,
  type Entry,
  type EntryId,
  type SubtreeSums,
  type UserId,
} from '@driftbox/domain';
import type { Result, Transaction } from '@driftbox/postgres';
import { entryOf, revisionOf, stored, type EntryRow, type RevisionRow } from './store/entry-row.ts';
import { loadAnswers } from './store/load-answers.ts';
import { loadElsewhere, type ElsewhereRow } from './store/load-elsewhere.ts';
import { loadEntries } from './store/load-entries.ts';
import { loadMountable } from './store/load-mountable.ts';
import { loadOwnPlaces, loadPlaces } from './store/load-places.ts';
import { loadRevisions } from './store/load-revisions.ts';
import { loadSeen } from './store/load-seen.ts';
import { loadSums } from './store/load-sums.ts';

type PlaceRow = { parent_id: string; name: string; entry_id: string };
type AnswerRow = { entry_id: string; write_id: string; rev: number; seq: number };
type SumRow = {
  entry_id: string;
  kept_files: number;
  kept_bytes: number;
  all_files: number;
  all_bytes: number;
  charged_files: number;
  charged_bytes: number;
};
type SeenRow = { entry_id: string; seq: number };
/** Everything the rule may look at, but the drive's row, which the caller has. */
export type LoadedRows = Omit<CommitState, 'drive'>;

const none = Promise.resolve({ rows: [], rowCount: 0 });

/**
 * Sends, behind the drive's lock and in the same round trip, every load that is needed; one more round trip only when a
 * folder is deleted and others changed something since.
 */
export async function loadCommitState(
  tx: Transaction,
  driveId: DriveId,
  userId: UserId,
  needs: CommitNeeds,
  seenChanges: number,
): Promise<LoadedRows> {
  const [entries, elsewhere, places, ownPlaces, answers, revisions, sums, seen, mountable] = await Promise.all(
    sendLoads(tx, driveId, userId, needs, seenChanges),
  );
  const rows = new Map<EntryId, Entry>();
  for (const row of entries.rows) rows.set(stored(parseEntryId, row.entry_id), entryOf(row));
  const changed = seen.rows.slice(0, seenChanges).map((row) => ({ entryId: stored(parseEntryId, row.entry_id), seq: row.seq }));
  const lacking = changed.filter(({ entryId }) => !rows.has(entryId)).map(({ entryId }) => entryId);
  if (lacking.length > 0) {
    const more = await tx.query<EntryRow>(loadEntries, [tx.tenantId, driveId, lacking]);
    for (const row of more.rows) rows.set(stored(parseEntryId, row.entry_id), entryOf(row));
  }
  return {
    entries: [...rows.values()],
    elsewhere: elsewhere.rows.map((row) => ({
      entryId: stored(parseEntryId, row.entry_id),
      is: row.moved_to === null ? row.state : { movedTo: stored(parseDriveId, row.moved_to) },
    })),
    children: [...places.rows, ...ownPlaces.rows].map((row) => ({
      parentId: stored(parseEntryId, row.parent_id),
      name: row.name,
      entryId: stored(parseEntryId, row.entry_id),
    })),
    answers: answers.rows.map((row) => ({
      entryId: stored(parseEntryId, row.entry_id),
      writeId: stored(parseWriteId, row.write_id),
      rev: row.rev,
      seq: row.seq,
    })),
    revisions: revisions.rows.map((row) => ({ ...revisionOf(row), drive: stored(parseDriveId, row.drive_id) })),
    sums: sums.rows.map(sumsOf),
    changed: { complete: seen.rows.length <= seenChanges, entries: changed },
    mountable: mountable.rows.map((row) => stored(parseDriveId, row.drive_id)),
  };
}

/** The rows and the drive together, as the rule takes them. */
export function stateOf(drive: Drive, rows: LoadedRows): CommitState {
  return { drive, ...rows };
}

function sendLoads(tx: Transaction, drive: DriveId, user: UserId, needs: CommitNeeds, seenChanges: number) {
  const tenant = tx.tenantId;
  function load<Row>(wanted: boolean, sql: Parameters<Transaction['query']>[0], values: readonly unknown[]): Promise<Result<Row>> {
    return wanted ? tx.query<Row>(sql, [tenant, ...values]) : none;
  }
  const { places, revisions, writes, seen } = needs;
  return [
    load<EntryRow>(needs.entryIds.length > 0, loadEntries, [drive, needs.entryIds]),
    load<ElsewhereRow>(needs.targetIds.length > 0, loadElsewhere, [drive, needs.targetIds, user]),
    load<PlaceRow>(places.length > 0, loadPlaces, [places.map((place) => place.parentId), places.map((place) => place.name)]),
    load<PlaceRow>(needs.ownPlaces.length > 0, loadOwnPlaces, [drive, needs.ownPlaces]),
    load<AnswerRow>(writes.length > 0, loadAnswers, [writes.map((write) => write.entryId), writes.map((write) => write.writeId), drive]),
    load<RevisionRow>(revisions.length > 0, loadRevisions, [
      revisions.map((key) => key.drive ?? drive),
      revisions.map((key) => key.entryId),
      revisions.map((key) => key.rev),
      user,
    ]),
    load<SumRow>(needs.sums.length > 0, loadSums, [drive, needs.sums]),
    load<SeenRow>(seen !== undefined, loadSeen, [drive, seen?.afterSeq, seenChanges + 1, seen?.deleted]),
    load<{ drive_id: string }>(needs.mountable.length > 0, loadMountable, [needs.mountable, user]),
  ] as const;
}

function sumsOf(row: SumRow): SubtreeSums {
  const all = { files: row.all_files, bytes: row.all_bytes };
  return {
    entryId: stored(parseEntryId, row.entry_id),
    kept: { files: row.kept_files, bytes: row.kept_bytes },
    all,
    history: { files: row.charged_files - all.files, bytes: row.charged_bytes - all.bytes },
  };
}
