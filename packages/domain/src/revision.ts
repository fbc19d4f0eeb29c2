import type { Body, Place } from './entry.ts';
import type { DeviceId, EntryId, UserId } from './ids.ts';

/** Whoever commits: the user, and the device where there is one (a browser or a script has none). */
export type Author = { readonly by: UserId; readonly device: DeviceId | undefined };

/**
 * One immutable state of an entry. A revision carries place and body both, so that the tree as it was at any `seq` is
 * read from revisions alone: for each entry the one with the greatest `seq` not beyond it.
 */
export type Revision = Place &
  Author & {
    readonly entryId: EntryId;
    readonly rev: number;
    readonly seq: number;
    readonly atMs: number;
    /** True from a delete on, until an untrash. Says nothing about ancestors. */
    readonly trashed: boolean;
    readonly body: Body;
    /**
     * True when this revision brought bytes its predecessor did not hold: a file that was created or whose `listId`
     * changed. Only such a revision is charged, so that renaming a large file costs nothing. Kinds other than files
     * never are. See `Ledger`.
     */
    readonly charged: boolean;
  };
