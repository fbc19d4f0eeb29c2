import type { EntryId } from '@driftbox/domain';
import type { LocalEntry, RemoteEntry, SyncedEntry, Tree } from './tree.ts';

/** What the local file system cannot tell apart or hold. */
export type NameRules = {
  /** True when no two different names share a key: then no folder need be looked through for its keys. */
  readonly exact: boolean;
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
  /**
   * At least every entry whose own row in the local or remote tree differs from the synced one (there in one and not in the
   * other is a difference), every folder that stopped or began to be selected, and every unreadable entry. What is not
   * named has the same row in all three, and is visited only where what is named touches it.
   */
  readonly changed: Iterable<EntryId>;
  readonly names: NameRules;
  /** Who and when, for the name of a conflict copy: `name (conflicted copy of DEVICE DATE).ext`. */
  readonly device: string;
  readonly date: string;
  /**
   * False for what this device does not want, with all below: it is not on disk, and its absence means nothing. The synced
   * tree forgets it as it leaves the disk; so a pass that left the disk half done is planned to its end before anything is
   * wanted again, or else what had left would look deleted.
   */
  readonly selected: (entry: RemoteEntry) => boolean;
};
