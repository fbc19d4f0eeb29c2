import type { Digest, EntryId, Outcome, WriteId } from '@driftbox/domain';
import type { LocalEntry, RemoteEntry, RemoteOperation, SyncedEntry, Tree } from '@driftbox/sync-core';

/** Below the synced root: names joined by `/`, the root itself is `''`. */
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

/** One thing in a folder. `name` is in NFC, `onDisk` opens it. */
export type Listed = { readonly name: string; readonly onDisk: string; readonly stat: Stat };
/** What a folder holds. `unusable` names what DriftBox cannot hold, each with its reason. */
export type Listing = {
  readonly entries: readonly Listed[];
  readonly unusable: readonly { readonly name: string; readonly reason: string }[];
};

/** What became of a step on disk. `changed`: the place no longer holds what was planned from, and nothing was done. */
export type DiskOutcome =
  | { readonly outcome: 'done'; readonly stat: Stat | undefined }
  | { readonly outcome: 'changed' }
  | { readonly outcome: 'failed'; readonly reason: string; readonly retryable: boolean };

/** Content that has arrived whole, verified and durable, and waits to take its place. */
export type Arrived = { readonly tag: string };

/**
 * The synced folder. Each step that changes something re-checks `expected` (the stat that was planned from; `undefined` for
 * nothing there) right before it acts, and never destroys anything else. Only what concerns the folder as a whole is thrown:
 * `RootGone`.
 */
export type Disk = {
  /** A folder's content; `undefined` when it is gone, `failed` when it cannot be read. */
  list(path: LocalPath): Promise<Listing | undefined | { readonly failed: string }>;
  stat(path: LocalPath): Promise<Stat | undefined>;
  /** The id of a file's chunk list, and the stat it was read at; `undefined` when it is gone or changed while it was read. */
  read(path: LocalPath): Promise<{ readonly listId: Digest; readonly stat: Stat } | undefined | { readonly failed: string }>;
  makeFolder(path: LocalPath): Promise<DiskOutcome>;
  makeLink(path: LocalPath, target: string, expected: Stat | undefined): Promise<DiskOutcome>;
  /** To a place that must be free. */
  move(from: LocalPath, to: LocalPath, expected: Stat): Promise<DiskOutcome>;
  /** Out of the tree, under the entry's id; and back from there to a place that must be free. */
  stash(path: LocalPath, entryId: EntryId, expected: Stat): Promise<DiskOutcome>;
  unstash(entryId: EntryId, to: LocalPath): Promise<DiskOutcome>;
  stashed(): Promise<readonly EntryId[]>;
  /** A file or link, or an empty folder. */
  remove(path: LocalPath, expected: Stat): Promise<DiskOutcome>;
  setAttributes(
    path: LocalPath,
    attributes: { readonly mtimeMs: number; readonly executable: boolean },
    expected: Stat,
  ): Promise<DiskOutcome>;
  /** Puts arrived content in its place, over exactly `expected`. */
  place(arrived: Arrived, path: LocalPath, expected: Stat | undefined): Promise<DiskOutcome>;
  /** Content that arrived but will not be placed. */
  discard(arrived: Arrived): Promise<void>;
};

/** The synced root is gone, or is not the folder it was. */
export class RootGone extends Error {}

/** One line of the journal: an entry's newest state, or its end (in the trash, purged, or moved to another drive). */
export type RemoteChange = { readonly seq: number } & ({ readonly entry: RemoteEntry } | { readonly gone: EntryId });
export type ChangesPage = {
  readonly changes: readonly RemoteChange[];
  readonly nextCursor: string;
  /** The drive's newest seq when the page was read. */
  readonly head: number;
  readonly more: boolean;
};

/** One operation on its way: kept before it is sent, until its outcome is known. */
export type PendingOperation = {
  readonly writeId: WriteId;
  readonly operation: RemoteOperation;
  /** For a delete: the journal as far as it was read when the delete was planned. */
  readonly seenSeq: number;
  /** For content: where the file was, and the stat that was planned from. */
  readonly source?: { readonly path: LocalPath; readonly stat: Stat } | undefined;
};

/** What an operation led to. `source_changed`: the file was not what was planned from, and nothing was sent. */
export type Sent =
  | { readonly result: 'answered'; readonly outcome: Outcome; readonly listId?: Digest | undefined; readonly source?: Stat | undefined }
  | { readonly result: 'source_changed' }
  | { readonly result: 'failed'; readonly reason: string };

/** The server as the loop needs it. Throws `Offline` when no answer came: what was sent may or may not have happened. */
export type Server = {
  /** What changed after a cursor, or everything without one. Throws `CursorExpired`. */
  changes(after: string | undefined, limit: number): Promise<ChangesPage>;
  /**
   * Sends operations in order with the bytes they need, in as few requests as it can. `settle` hears each result once; what
   * it has not heard when this throws is unknown, and is asked again with the same writeId. Throws `CursorExpired` when the
   * drive has another epoch.
   */
  send(operations: readonly PendingOperation[], settle: (operation: PendingOperation, sent: Sent) => void): Promise<void>;
  /**
   * Fetches content of many files. `arrived` is called for each as soon as it is whole, verified and durable in temporary
   * space of the disk; `old` is the local content of the same entry, for deltas.
   */
  fetch(
    wanted: readonly { readonly remote: RemoteEntry; readonly old: { readonly path: LocalPath; readonly stat: Stat } | undefined }[],
    arrived: (remote: RemoteEntry, content: Arrived | { readonly failed: string }) => Promise<void>,
  ): Promise<void>;
};

/** No answer came, or none that can be relied on. */
export class Offline extends Error {}
/** The journal cannot be read on from this cursor: list everything again. */
export class CursorExpired extends Error {}

/** A local entry as it was observed: `stat` is what it looked like when its body was learnt. */
export type LocalRow = LocalEntry & { readonly stat: Stat };

/**
 * What a client remembers: observations and unanswered operations, never work to be done. Synchronous, in one process.
 * Nothing of a transaction is kept unless all of it is.
 */
export type Store = {
  transaction<T>(work: () => T): T;
  readonly synced: Tree<SyncedEntry>;
  readonly local: Tree<LocalRow>;
  readonly remote: Tree<RemoteEntry>;
  /** Entries whose local or remote state differs from the synced one. */
  changed(): readonly EntryId[];
  localByIdentity(identity: string): LocalRow | undefined;
  putSynced(entry: SyncedEntry): void;
  dropSynced(entryId: EntryId): void;
  putLocal(entry: LocalRow): void;
  dropLocal(entryId: EntryId): void;
  putRemote(entry: RemoteEntry): void;
  dropRemote(entryId: EntryId): void;
  /** Unanswered operations, in the order in which they were kept. */
  pending(): readonly PendingOperation[];
  keepPending(operations: readonly PendingOperation[]): void;
  dropPending(writeId: WriteId): void;
  /** Small facts by name: cursor, seq read to, drive, epoch. */
  fact(name: string): string | undefined;
  putFact(name: string, value: string | undefined): void;
};

/** What the loop takes from outside so that the same loop runs under a simulated clock and seeded chance. */
export type Surroundings = {
  readonly nowMs: () => number;
  readonly freshEntryId: () => EntryId;
  readonly freshWriteId: () => WriteId;
};
