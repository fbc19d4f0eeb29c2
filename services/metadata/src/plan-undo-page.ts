import {
  can,
  changeActions,
  parseEntryId,
  planUndo,
  undoTurn,
  type EntryId,
  type IsTheirs,
  type Revision,
  type Undoing,
  type UserId,
} from '@driftbox/domain';
import type { Transaction } from '@driftbox/postgres';
import type { UndoneEntry } from '@driftbox/protocol';
import { requireDrive, type Asker } from './access-drive.ts';
import type { AccessRow } from './present-drive.ts';
import { revisionOf, stored, type RevisionRow } from './store/entry-row.ts';
import { readDeeds, readHistories, type DeedRow } from './store/undo.ts';

/** Whose work since when is to be undone. */
export type Wanted = { readonly device: string; readonly sinceMs: number };

/** What is to become of one entry. */
export type Planned = {
  readonly entryId: EntryId;
  readonly name: string;
  readonly newest: Revision | undefined;
  readonly undoing: Undoing | undefined;
  readonly conflict: UndoneEntry['conflict'];
};
/** A stretch of a drive's journal, backwards; `nextSeq` is where to go on, `undefined` once what was done is all older. */
export type UndoPage = {
  readonly drive: AccessRow;
  readonly planned: readonly Planned[];
  /** Whose work alone is undone: an editor's own. */
  readonly mine: UserId | undefined;
  readonly nextSeq: number | undefined;
};

/** Changes looked at in one page. */
const changesOfPage = 200;

/** Plans what to undo among the changes at and before `fromSeq`. An editor undoes what they did themselves, a manager all. */
export async function planUndoPage(tx: Transaction, asker: Asker, wanted: Wanted, fromSeq: number | undefined): Promise<UndoPage> {
  const drive = await requireDrive(tx, asker, 'write');
  const { tenantId, driveId, userId } = asker;
  const deeds = (await tx.query<DeedRow>(readDeeds, [tenantId, driveId, fromSeq ?? drive.seq, changesOfPage])).rows;
  const mine = can(drive, 'purge', drive) ? undefined : userId;
  const isTheirs = theirs(wanted, mine);
  const done = deeds.filter((row) => isTheirs(authorOf(row)));
  const entries = [...new Set(done.map((row) => row.entry_id))];
  const rows = entries.length === 0 ? [] : (await tx.query<RevisionRow>(readHistories, [tenantId, driveId, entries])).rows;
  const histories = Map.groupBy(rows.map(revisionOf), ({ entryId }) => entryId);
  const planned = done.flatMap((row) => planOne(row, histories.get(stored(parseEntryId, row.entry_id)) ?? [], isTheirs));
  const last = deeds.at(-1);
  const isOver = last === undefined || last.seq === 1 || deeds.every(({ made_at: at }) => at !== null && at < wanted.sinceMs);
  return { drive, planned, mine, nextSeq: isOver ? undefined : last.seq - 1 };
}

function theirs({ device, sinceMs }: Wanted, mine: UserId | undefined): IsTheirs {
  return ({ by, device: on, atMs }) => (on ?? by) === device && atMs >= sinceMs && (mine === undefined || by === mine);
}

function authorOf({ made_by: by, device, made_at: atMs }: DeedRow): Revision {
  return { by, device: device ?? undefined, atMs: atMs ?? 0 } as Revision;
}

function planOne({ seq, entry_id: id, action }: DeedRow, revisions: readonly Revision[], isTheirs: IsTheirs): Planned[] {
  const entryId = stored(parseEntryId, id);
  const newest = revisions.at(-1);
  const name = newest?.name ?? id;
  if (newest === undefined) {
    const gone = changeActions[action];
    if (gone !== 'purged' && gone !== 'movedAway') return [];
    return [{ entryId, name, newest, undoing: undefined, conflict: gone === 'purged' ? 'purged' : 'moved_away' }];
  }
  if (undoTurn(revisions, isTheirs) !== seq) return [];
  const { undoing, conflict } = planUndo(revisions, isTheirs);
  return undoing === undefined && conflict === undefined ? [] : [{ entryId, name, newest, undoing, conflict }];
}
