import type { Digest, EntryId } from '@driftbox/domain';

/** Below the synced root: names as they are on disk joined by `/`; the root itself is `''`. */
export type LocalPath = string;

/** What the file system says about one thing, never following links. Times are milliseconds since the epoch, with fractions. */
export type Stat = {
  readonly kind: 'file' | 'folder' | 'symlink' | 'other';
  /** The same for the same thing wherever it is moved, and for nothing else: device, inode and birth time. */
  readonly identity: string;
  readonly sizeBytes: number;
  readonly mtimeMs: number;
  readonly ctimeMs: number;
  readonly executable: boolean;
  /** Where a symlink leads. */
  readonly target?: string | undefined;
};

/** One thing in a folder. `name` is in NFC and there once in a listing; `onDisk` opens it. */
export type Listed = { readonly name: string; readonly onDisk: string; readonly stat: Stat };
/** What a folder holds. `unusable` names what DriftBox cannot hold, each with its reason: nothing is concluded about these names. */
export type Listing = {
  readonly entries: readonly Listed[];
  readonly unusable: readonly { readonly name: string; readonly reason: string }[];
};

/** Something that cannot be read now, and why. */
export type Unreadable = { readonly failed: string };

/** What became of a step on disk. `changed`: the place no longer holds what was planned from, and nothing was done. */
export type DiskOutcome =
  | { readonly outcome: 'done'; readonly stat: Stat | undefined }
  | { readonly outcome: 'changed' }
  | { readonly outcome: 'failed'; readonly reason: string; readonly retryable: boolean };

/** Content that has arrived whole, verified and durable, with its time and executable bit set, and waits to take its place. */
export type Arrived = { readonly tag: string };

/**
 * The synced folder. Each step that changes something re-checks `expected` (the stat that was planned from; `undefined` for
 * nothing there) right before it acts, and never destroys anything else. A file is as expected when identity, size, mtime and
 * ctime are; a symlink when identity and target are; a folder when its identity is, whatever it holds. `done` answers what
 * lies at the place afterwards. Only what concerns the folder as a whole is thrown: `RootGone`.
 */
export type Disk = {
  /** A folder's content; `undefined` when there is no folder. */
  list(path: LocalPath): Promise<Listing | undefined | Unreadable>;
  stat(path: LocalPath): Promise<Stat | undefined>;
  /** The id of a file's chunk list, and the stat it had before and after; `undefined` when it is gone or changed while it was read. */
  read(path: LocalPath): Promise<{ readonly listId: Digest; readonly stat: Stat } | undefined | Unreadable>;
  /** At a place that must be free. */
  makeFolder(path: LocalPath): Promise<DiskOutcome>;
  makeLink(path: LocalPath, target: string, expected: Stat | undefined): Promise<DiskOutcome>;
  /** To a place that must be free. */
  move(from: LocalPath, to: LocalPath, expected: Stat): Promise<DiskOutcome>;
  /** Out of the tree, under the entry's id; and back from there to a place that must be free. */
  stash(path: LocalPath, entryId: EntryId, expected: Stat): Promise<DiskOutcome>;
  unstash(entryId: EntryId, to: LocalPath): Promise<DiskOutcome>;
  stashed(): Promise<readonly EntryId[]>;
  /** A file or link, or a folder, which must be empty: one that is not is `changed`. */
  remove(path: LocalPath, expected: Stat): Promise<DiskOutcome>;
  setAttributes(
    path: LocalPath,
    attributes: { readonly mtimeMs: number; readonly executable: boolean },
    expected: Stat,
  ): Promise<DiskOutcome>;
  /** Puts arrived content in its place, over exactly `expected`. Whatever the outcome, it no longer waits afterwards. */
  place(arrived: Arrived, path: LocalPath, expected: Stat | undefined): Promise<DiskOutcome>;
  /** Content that arrived but will not be placed. */
  discard(arrived: Arrived): Promise<void>;
  /** Content that an earlier process left waiting, whole or in part. */
  discardAll(): Promise<void>;
  /** Everything done so far survives a loss of power from now on. Until then any of it may be undone by one. */
  flush(): Promise<void>;
};

/** The synced root is gone, or is not the folder it was. */
export class RootGone extends Error {}

/** The synced root is there, and cannot be looked into just now; or a folder in it cannot where that matters to others. */
export class RootUnreadable extends Error {}

/** Nothing of what is in sync is in the synced folder any more. Nothing was concluded from that. */
export class RootEmptied extends RootGone {}
