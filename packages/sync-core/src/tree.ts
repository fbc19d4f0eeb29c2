import type { Digest, DriveId, EntryId, Place } from '@driftbox/domain';

/**
 * What an entry holds, as far as sync compares it. Times are whole milliseconds since the epoch. Two symlinks are the
 * same when they lead to the same target; their times are nobody's work.
 */
export type SyncBody =
  | {
      readonly kind: 'file';
      /** `undefined` only in a local tree: the file changed and its bytes have not been read since. */
      readonly listId: Digest | undefined;
      readonly sizeBytes: number;
      readonly mtimeMs: number;
      readonly executable: boolean;
    }
  | { readonly kind: 'folder' }
  | { readonly kind: 'symlink'; readonly target: string }
  | MountBody;

/**
 * Where another drive shows up: on disk a folder, whose content is no part of this tree but of that drive's own. `rootId` is
 * that drive's root.
 */
export type MountBody = { readonly kind: 'mount'; readonly drive: DriveId; readonly rootId: EntryId };

/** Anything in one of the three trees. The root of a drive is the parent of the topmost entries and not an entry itself. */
export type TreeEntry = Place & { readonly entryId: EntryId; readonly body: SyncBody };

/** What both sides last agreed on: the merge base. `rev` is the server's revision that was agreed on. */
export type SyncedEntry = TreeEntry & { readonly rev: number };

/** What the server holds, as far as its journal was read. */
export type RemoteEntry = TreeEntry & { readonly rev: number };

/**
 * What is on disk. An entry that was never synced carries an id that this client made for it, under which it will be
 * created. `unreadable` says why its content (of a folder: what is below it) could not be seen: then nothing is concluded
 * from what is missing there, and nothing is written over it.
 */
export type LocalEntry = TreeEntry & { readonly unreadable?: string | undefined };

/**
 * One of the three trees while a plan is made; it does not change meanwhile. Lookups of what is not there answer
 * `undefined` or nothing. In the remote tree an entry counts as there only if all folders above it are: the rows below a
 * folder that is gone may stay (the server deletes a folder of a million files by one change, and brings it back by one).
 * The local tree holds nothing but what is on disk. An id never changes its kind: a file that is replaced by a folder is
 * another entry.
 */
export type Tree<Entry extends TreeEntry> = {
  get(entryId: EntryId): Entry | undefined;
  /** In no particular order: a plan does not depend on it. */
  childrenOf(parentId: EntryId): Iterable<Entry>;
  childAt(parentId: EntryId, name: string): Entry | undefined;
};
