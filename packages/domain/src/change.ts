import type { Author } from './revision.ts';
import type { EntryId } from './ids.ts';

/** What a change did to its entry, for people and for events; a client needs only the state it led to. */
export const changeActions = [
  'created',
  'content',
  'attributes',
  'moved',
  'trashed',
  'untrashed',
  'restored',
  'purged',
  'movedAway',
] as const;
export type ChangeAction = (typeof changeActions)[number];

/**
 * One row of a drive's journal. `seq` runs 1, 2, 3 … without a gap in commit order. The state it led to is the
 * revision `(entryId, rev)`; after `purged` there is none, and the entry and all below it are gone for good; after
 * `movedAway` it is another drive's.
 */
export type Change = Author & {
  readonly seq: number;
  readonly entryId: EntryId;
  readonly rev: number;
  readonly action: ChangeAction;
  readonly atMs: number;
};
