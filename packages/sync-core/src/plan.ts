import type { EntryId, Place } from '@driftbox/domain';
import type { MountBody, RemoteEntry, SyncBody } from './tree.ts';

type OnEntry = { readonly entryId: EntryId };
/** Operations next to each other with one `group` are committed as a whole or not at all. */
type OnServer = OnEntry & { readonly group?: number | undefined };

/**
 * One operation for the server, in terms of the commit rule. They are committed in the order of the plan, so that a folder
 * comes before what it holds and a name is free before it is taken. What `baseRev` names is what the plan was made from,
 * counted on where an earlier operation of the plan moves the same entry. Once one is committed, that aspect of the synced
 * entry (place, body or existence) is what was committed, whatever the disk says by then. A delete takes everything below
 * with it, from the synced tree too, but for what is still on disk: that was to be moved out, and is not new.
 *
 * A `move` may lead to a temporary name at the root and another one on from there: names are swapped that way. Both are in
 * one `group`, with all that comes between, and nothing in a group has bytes to be sent.
 */
export type RemoteOperation =
  | (OnServer & Place & { readonly op: 'createFolder' })
  /** New content: the file as it is on disk now. `baseRev: null` creates it at `place`. */
  | (OnServer & { readonly op: 'putFile'; readonly baseRev: number | null; readonly place: Place | undefined })
  | (OnServer & { readonly op: 'putSymlink'; readonly baseRev: number | null; readonly place: Place | undefined; readonly target: string })
  | (OnServer & { readonly op: 'setAttributes'; readonly baseRev: number; readonly mtimeMs: number; readonly executable: boolean })
  | (OnServer & Place & { readonly op: 'move'; readonly baseRev: number })
  | (OnServer & { readonly op: 'delete'; readonly baseRev: number });

/**
 * One operation on disk, carried out in the order of the plan, and only if what it touches is still what the plan was made
 * from; otherwise it is left out and the next pass plans anew. None of them ever destroys what was not planned from:
 * `remove` takes one file or link, or a folder that is empty, or a mount with everything in it that its drive has. Entries
 * are named by id, so where one lies is looked up when its turn comes: a folder above it may have moved. Once
 * one is done, an aspect (place, body) of the synced entry is the remote one if the disk now shows the same; what was removed
 * is removed from the synced tree.
 */
export type LocalOperation =
  | (OnEntry & Place & { readonly op: 'makeFolder' })
  /** The remote content at `place`; in place of the local content of the same entry where there is one. */
  | (OnEntry & Place & { readonly op: 'fetch'; readonly remote: RemoteEntry })
  | (OnEntry & Place & { readonly op: 'link'; readonly target: string })
  /** A folder for another drive, which fills it by a loop of its own. */
  | (OnEntry & Place & { readonly op: 'mount'; readonly body: MountBody })
  | (OnEntry & Place & { readonly op: 'move' })
  /** Out of the way for now, to a place that no scan takes for part of the tree; a `move` later in the plan brings it back. */
  | (OnEntry & { readonly op: 'stash' })
  | (OnEntry & { readonly op: 'remove' })
  | (OnEntry & { readonly op: 'setAttributes'; readonly mtimeMs: number; readonly executable: boolean })
  /**
   * The loser of a conflict: what lies there goes to `place` under a conflict name and is a new entry from then on. What the
   * next pass makes of it is a `putFile`.
   */
  | (OnEntry & Place & { readonly op: 'setAside' })
  /** The same thing was made on both sides: the local one takes the id of the remote one. Touches nothing on disk. */
  | (OnEntry & { readonly op: 'adopt'; readonly remoteId: EntryId })
  /**
   * The server no longer has the entry, but what is on disk is kept: it takes a fresh id, what lies in it follows (as with
   * `adopt`), and its synced entry is dropped. Touches nothing on disk; the next pass creates it anew.
   */
  | (OnEntry & { readonly op: 'renew' });

/**
 * What the synced tree does not know yet: where both sides are the same (`now` holds what they agree on, aspect by
 * aspect), or that the entry is no longer kept in step: gone on both sides, or not wanted on this device. `gone` takes
 * everything below with it that is not on disk. Agreements are written before anything else is done.
 */
export type Agreement = OnEntry & { readonly now: { readonly place: Place; readonly body: SyncBody; readonly rev: number } | 'gone' };

/** An entry that cannot be brought into line now, and why; everything else goes on. */
export type Waiting = OnEntry & { readonly reason: WaitingReason; readonly detail: string };

/**
 * - `unreadable`: the local content cannot be read, so nothing can be said about it;
 * - `name_clash`: the local file system holds another entry that it cannot tell from this one (case, Unicode form);
 * - `name_unrepresentable`: the local file system cannot hold the name;
 * - `parent_waits`: the folder it belongs in waits itself.
 */
export type WaitingReason = 'unreadable' | 'name_clash' | 'name_unrepresentable' | 'parent_waits';

/** What one pass has to do so that local, remote and synced tree become one. All empty: they are. */
export type Plan = {
  readonly agreements: readonly Agreement[];
  /** Files whose bytes decide: read them, and plan again. Nothing else is planned for these entries. */
  readonly read: readonly EntryId[];
  readonly remote: readonly RemoteOperation[];
  readonly local: readonly LocalOperation[];
  readonly waiting: readonly Waiting[];
};
