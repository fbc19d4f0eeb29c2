import type { Drive } from '../drive.ts';
import type { Entry, Place } from '../entry.ts';
import type { DriveId, EntryId, WriteId } from '../ids.ts';
import type { LedgerLine } from '../ledger.ts';
import type { Revision } from '../revision.ts';

/** An untrashed child and where it stands (its folder may be in the trash). */
export type PlacedChild = Place & { readonly entryId: EntryId };

/**
 * An id that this drive has no entry row for, but the tenant knows: purged (`tombstone`), used in another drive
 * (`used`), or moved there from this one. `movedTo` only when the actor may read that drive; else say `used`.
 */
export type Elsewhere = { readonly entryId: EntryId; readonly is: 'tombstone' | 'used' | { readonly movedTo: DriveId } };

/** What a write with this id was answered. Kept beyond a purge, until the entry's tombstone horizon. */
export type WriteAnswer = { readonly entryId: EntryId; readonly writeId: WriteId; readonly rev: number; readonly seq: number };

/**
 * What an entry and everything under it counts for.
 * - `kept`: newest contents of files reached from the entry without passing a trashed descendant (the entry itself is
 *   counted, trashed or not): what a delete moves from current to trash, and an untrash back;
 * - `all`: newest contents of all files, those in the trash included: what a purge takes from trash;
 * - `history`: replaced contents of all files (see `Ledger`): what a purge takes from history.
 */
export type SubtreeSums = {
  readonly entryId: EntryId;
  readonly kept: LedgerLine;
  readonly all: LedgerLine;
  readonly history: LedgerLine;
};

/** An entry of the drive that some change after the asked `seq` touched, with its newest such change. */
export type SeenChange = { readonly entryId: EntryId; readonly seq: number };

/** The rows `needsOf` asked for, as they are under the drive's lock. Order within the lists is free. */
export type CommitState = {
  readonly drive: Drive;
  /** Named entries, entries in `changed`, and every ancestor of all these. */
  readonly entries: readonly Entry[];
  readonly elsewhere: readonly Elsewhere[];
  readonly children: readonly PlacedChild[];
  readonly answers: readonly WriteAnswer[];
  /** `drive` says where the revision was read; one the actor may not read is left out. */
  readonly revisions: readonly (Revision & { readonly drive: DriveId })[];
  readonly sums: readonly SubtreeSums[];
  /**
   * Entries changed after `seen.afterSeq`, at most `limits.seenChanges` of them; `complete: false` when there are
   * more. Purged entries need not be listed. Empty and complete when nothing was asked.
   */
  readonly changed: { readonly complete: boolean; readonly entries: readonly SeenChange[] };
  readonly mountable: readonly DriveId[];
};

/** What there is to load of a drive where nothing is looked at. */
export function emptyState(drive: Drive): CommitState {
  const rows = { entries: [], elsewhere: [], children: [], answers: [], revisions: [], sums: [], mountable: [] };
  return { drive, ...rows, changed: { complete: true, entries: [] } };
}
