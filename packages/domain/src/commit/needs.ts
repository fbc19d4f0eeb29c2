import type { Place } from '../entry.ts';
import type { DriveId, EntryId, WriteId } from '../ids.ts';

/** Names one revision and the drive it is read from; `undefined` is the drive of the commit. */
export type RevisionKey = { readonly drive: DriveId | undefined; readonly entryId: EntryId; readonly rev: number };
/** Names one write. */
export type WriteKey = { readonly entryId: EntryId; readonly writeId: WriteId };

/**
 * The rows that a batch of operations may look at: computed from the operations alone, so that a store can load
 * everything in one or two round trips before it calls the rule. Every list is free of duplicates. A store may load
 * more than is asked, never less. `CommitState` says what each answer looks like.
 */
export type CommitNeeds = {
  /** Load these entries and every ancestor of each, in the trash or not. Ids without a row are no error. */
  readonly entryIds: readonly EntryId[];
  /** Entries that operations are on or put something into: unless this drive has the row, say whether the tenant knows the id elsewhere. */
  readonly targetIds: readonly EntryId[];
  /** Load which untrashed child, if any, stands at each place (names are normalised). */
  readonly places: readonly Place[];
  /** The same, for the place in the row of each of these entries (an untrash without a place goes back there). */
  readonly ownPlaces: readonly EntryId[];
  /** Load the answers of those that are known already. */
  readonly writes: readonly WriteKey[];
  /** Load those the actor may read. */
  readonly revisions: readonly RevisionKey[];
  /** Load the sums of the tree at and under each of these. */
  readonly sums: readonly EntryId[];
  /** Load what changed after `afterSeq`. Not needed when none of `deleted` is a folder; undefined without deletes. */
  readonly seen: { readonly afterSeq: number; readonly deleted: readonly EntryId[] } | undefined;
  /** Load which of these may be mounted: shared drives on which the actor holds a grant. */
  readonly mountable: readonly DriveId[];
};
