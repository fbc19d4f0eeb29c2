import type { EntryId } from '@driftbox/domain';
import type { LocalEntry, RemoteEntry, SyncedEntry, Tree } from './tree.ts';

/** What the local file system cannot tell apart or hold. */
export type NameRules = {
  /** What a name looks like to the file system: two names with one key cannot stand beside each other. */
  readonly keyOf: (name: string) => string;
  readonly representable: (name: string) => boolean;
};

/** Everything a plan is made from. Equal inputs give equal plans, whatever the order within `changed` or of children. */
export type ReconcileInput = {
  readonly rootId: EntryId;
  readonly synced: Tree<SyncedEntry>;
  readonly local: Tree<LocalEntry>;
  readonly remote: Tree<RemoteEntry>;
  /** At least every entry whose local or remote state differs from the synced one. What is not named is the same in all three. */
  readonly changed: Iterable<EntryId>;
  readonly names: NameRules;
  /** Who and when, for the name of a conflict copy: `name (conflicted copy of DEVICE DATE).ext`. */
  readonly device: string;
  readonly date: string;
  /** False for what this device does not want: it is not on disk, and its absence means nothing. */
  readonly selected: (entry: RemoteEntry) => boolean;
};
