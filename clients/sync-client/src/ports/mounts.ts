import type { EntryId } from '@driftbox/domain';
import type { SyncedEntry } from '@driftbox/sync-core';
import type { LocalPath, Stat } from './disk.ts';
import type { LocalRow } from './store.ts';

/** What is known of everything in a folder, without the folder itself; in no particular order. */
export type FolderRows = { readonly local: readonly LocalRow[]; readonly synced: readonly SyncedEntry[] };

/**
 * How the end of a mount went: nothing is left of it on disk; something only this device had is left in a folder that is no mount any
 * more; or it could not be done now.
 */
export type Ended = { readonly ended: 'gone' | 'kept' } | Left;

/** Why something is there still that should not be; `againMs` is when that will be over by itself, where that is known. */
export type Left = { readonly failed: string; readonly againMs?: number };

/** Drives that show up in the synced folder, each filled by a loop and a store of its own. */
export type Mounts = {
  /** A folder has become a drive: what is known of what is in it is the mount's from now on. May be asked again. */
  take(entryId: EntryId, rows: FolderRows): void;
  /**
   * A drive has become a folder: what is known of what is in it; its own things are gone from the folder then. May be asked again.
   * `undefined` where that cannot be told, or another folder than `seen` is there by now: then the mount is ended.
   */
  give(entryId: EntryId, path: LocalPath, seen: Stat): Promise<FolderRows | undefined>;
  /** A folder for a mount is about to be made: what is known of an earlier one, which is gone, is over. */
  forget(entryId: EntryId): Promise<void>;
  /** Removes what the drive has as it is on disk, and keeps what it has not. `seen` is the folder's: another one there stays as it is. */
  end(entryId: EntryId, path: LocalPath, seen: Stat): Promise<Ended>;
};
