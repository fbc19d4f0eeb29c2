import type { EntryId, WriteId } from '@driftbox/domain';
import type { LocalEntry, RemoteEntry, SyncedEntry, Tree } from '@driftbox/sync-core';
import type { Stat } from './disk.ts';
import type { PendingOperation } from './server.ts';

/** A local entry as it was observed. */
export type LocalRow = LocalEntry & {
  /** What it looked like when its body was learnt. */
  readonly stat: Stat;
  /** What opens it in its folder; usually the name. */
  readonly onDisk: string;
  /**
   * False for a file that was written so shortly before its bytes were read that it may have changed since without its stat
   * showing it. Such a file is read again before anything is written over it.
   */
  readonly trusted: boolean;
};

/** What was agreed on about an entry before the newest agreement; `undefined` for nothing. */
export type Provisional = { readonly entryId: EntryId; readonly before: SyncedEntry | undefined };

/** The names under which small facts are kept. */
export type FactName = 'cursor' | 'seq' | 'epoch' | 'listedTo' | 'gone' | 'strays' | 'partial';

/**
 * What a client remembers: observations and unsettled operations, never work to be done. Synchronous, in one process.
 * Nothing of a transaction is kept unless all of it is; what one returned survives a crash. Transactions do not nest; a
 * write outside of one is one by itself.
 *
 * While a page or a folder is being recorded, two entries of one tree may stand at the same place; then `childAt` answers
 * either. What a folder holds stays when the folder is dropped.
 */
export type Store = {
  transaction<T>(work: () => T): T;
  readonly synced: Tree<SyncedEntry>;
  readonly local: Tree<LocalRow>;
  readonly remote: Tree<RemoteEntry>;
  /** Entries whose local or remote state (place, body, rev, unreadable) differs from the synced one; more is allowed. */
  changed(): readonly EntryId[];
  /** The entry that was last recorded with this identity and has it still. */
  localByIdentity(identity: string): LocalRow | undefined;
  /** Where other drives show up, on disk and on the server. Costs what it finds. */
  mounts(): { readonly local: readonly LocalRow[]; readonly remote: readonly RemoteEntry[] };
  /** Puts replace what is there under the id; drops of what is not there do nothing. */
  putSynced(entry: SyncedEntry): void;
  dropSynced(entryId: EntryId): void;
  putLocal(entry: LocalRow): void;
  dropLocal(entryId: EntryId): void;
  putRemote(entry: RemoteEntry): void;
  dropRemote(entryId: EntryId): void;
  /** Remote entries whose folder the remote tree does not have. Reads the whole tree. */
  strays(rootId: EntryId): readonly EntryId[];
  /** Forgets the whole remote tree: it is about to be listed again. */
  clearRemote(): void;
  /**
   * Agreements that a loss of power may still undo the local half of: what had been agreed on before, for each entry. The
   * first one kept for an entry stands until it is dropped.
   */
  provisional(): readonly Provisional[];
  keepProvisional(provisional: Provisional): void;
  dropProvisional(entryIds: readonly EntryId[]): void;
  /** Unsettled operations, in the order in which they were kept. */
  pending(): readonly PendingOperation[];
  /** Those that were given up and may still arrive, of one entry or of all, in that order. Costs what it finds. */
  late(entryId?: EntryId): readonly PendingOperation[];
  /** Keeps new ones behind the others; one whose writeId is there already is replaced where it stands. */
  keepPending(operations: readonly PendingOperation[]): void;
  dropPending(writeIds: readonly WriteId[]): void;
  fact(name: FactName): string | undefined;
  putFact(name: FactName, value: string | undefined): void;
};
