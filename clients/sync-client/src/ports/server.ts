import type { Digest, EntryId, Outcome, WriteId } from '@driftbox/domain';
import type { RemoteEntry, RemoteOperation } from '@driftbox/sync-core';
import type { Arrived, LocalPath, Stat, Unreadable } from './disk.ts';

/** One line of the journal: an entry's newest state, or its end (in the trash, purged, or moved to another drive). */
export type RemoteChange = { readonly seq: number } & ({ readonly entry: RemoteEntry } | { readonly gone: EntryId });

/**
 * A page of the journal, in order of `seq`, older states of an entry superseded by its newest. The end of a folder is told,
 * that of what it held is not; nor is its return when the folder comes back: `Server.below` tells that.
 */
export type ChangesPage = {
  readonly changes: readonly RemoteChange[];
  readonly nextCursor: string;
  /** The drive's newest seq when the page was read. */
  readonly head: number;
  readonly more: boolean;
  /** Made anew when the drive is restored from a backup. */
  readonly epoch: string;
};

/** What a file held when it was sent, and the stat it was read at. */
export type SentContent = {
  readonly listId: Digest;
  readonly sizeBytes: number;
  readonly mtimeMs: number;
  readonly executable: boolean;
  readonly stat: Stat;
};

/** One operation on its way: kept before it is sent, until it is settled. */
export type PendingOperation = {
  readonly writeId: WriteId;
  readonly operation: RemoteOperation;
  /** For a delete: the journal as far as it was read when the delete was planned. */
  readonly seenSeq: number;
  /** For a `putFile`: where the file was, and the stat that was planned from. */
  readonly source?: { readonly path: LocalPath; readonly stat: Stat } | undefined;
  /** For a `putFile` that may have reached the server: what it holds. Without it nothing was sent. */
  readonly content?: SentContent | undefined;
  /** Operations next to each other with one `group` are committed as a whole or not at all. None of them has bytes. */
  readonly group?: WriteId | undefined;
  /** Set once it was asked about and the server knew nothing of it: settled, but its first request may still be on its way. */
  readonly mayArrive?: true | undefined;
};

/**
 * What an operation led to. `source_changed`: the file is not what was planned from, and nothing was committed so far; what was
 * sent before may still arrive.
 * `failed`: it could not be read or sent, for a reason of its own; it was not committed and will not be.
 */
export type Settled =
  | { readonly result: 'answered'; readonly outcome: Outcome; readonly content?: SentContent | undefined }
  | { readonly result: 'source_changed' }
  | { readonly result: 'failed'; readonly reason: string };

/** What `send` tells on the way. Both return once it is kept. */
export type SendHooks = {
  /** Called before the request that may commit these `putFile` operations for the first time. */
  readonly sending: (contents: readonly { readonly operation: PendingOperation; readonly content: SentContent }[]) => void;
  /** Called once for each operation, in order within a request; once for a whole group. */
  readonly settled: (results: readonly { readonly operation: PendingOperation; readonly settled: Settled }[]) => void;
};

/** A file to fetch: its newest state, and the local content of the same entry, for deltas. */
export type Wanted = { readonly remote: RemoteEntry; readonly old: { readonly path: LocalPath; readonly stat: Stat } | undefined };

/** The server as the loop needs it. Throws `Offline` when no answer came: what was sent may or may not have happened; `Held`. */
export type Server = {
  /** What changed after a cursor, or everything without one. Throws `CursorExpired`, `Unseen`. */
  changes(after: string | undefined, limit: number): Promise<ChangesPage>;
  /** Everything live below a folder, whenever it changed; nothing when the folder is gone. */
  below(folderId: EntryId): Promise<readonly RemoteEntry[]>;
  /**
   * Sends operations in order with the bytes they need, in as few requests as it can, each group in one by itself; one whose
   * `epoch` is no longer the drive's throws `CursorExpired`. What has not been settled when this throws is unknown, and is sent
   * again as it was. A `putFile` with `content` may have been committed: it is sent again only with exactly that content, and if
   * the file no longer has it, the server is asked, in a way that commits nothing, what became of the `writeId`. Throws `Refused`.
   */
  send(epoch: string, operations: readonly PendingOperation[], hooks: SendHooks): Promise<void>;
  /**
   * Fetches content of many files. `arrived` is called for each as soon as it is whole, verified and durable in temporary
   * space of the disk; several calls may be under way. A file that is no longer there `failed`.
   */
  fetch(wanted: readonly Wanted[], arrived: (wanted: Wanted, content: Arrived | Unreadable) => Promise<void>): Promise<void>;
};

/** Nothing of what was sent was taken, or ever will be: this person may not write in the drive. `cause` is what the server said. */
export class Refused extends Error {}
/** No answer came, or none that can be relied on. */
export class Offline extends Error {}
/** There is no such drive, or none that this person may see. */
export class Unseen extends Offline {}
/** The server takes nothing from this device until a person has decided about what it wanted to do. */
export class Held extends Error {}
/** The journal cannot be read on from this cursor, or the drive has another epoch: list everything again. */
export class CursorExpired extends Error {}
