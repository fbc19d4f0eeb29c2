import { mkdirSync } from 'node:fs';
import type { Client } from '@driftbox/api-client';
import { parseEntryId, parseWriteId } from '@driftbox/domain';
import type { DriveId } from '@driftbox/domain';
import type { Drive } from '@driftbox/protocol';
import { reconcile } from '@driftbox/sync-core';
import type { Plan } from '@driftbox/sync-core';
import { newId } from '@driftbox/transfer';
import { ChunkWorkers } from '../disk/chunk-workers.ts';
import { RealDisk } from '../disk/real-disk.ts';
import { Root } from '../disk/root.ts';
import { nameRules } from '../disk/traits.ts';
import type { Store } from '../ports/store.ts';
import type { Surroundings } from '../ports/surroundings.ts';
import { ChunkLists } from '../server/chunk-lists.ts';
import type { TransferProgress } from '../server/connection.ts';
import { RealServer } from '../server/real-server.ts';
import { rebuildStore } from '../store/rebuild-store.ts';
import { openSqliteStore } from '../store/sqlite-store.ts';
import type { SqliteStore } from '../store/sqlite-store.ts';
import { StoreDamaged } from '../store/store-damaged.ts';
import { SyncLoop } from '../sync-loop.ts';
import type { Tell } from './deed.ts';
import { isSelected } from './selected.ts';
import type { FolderSettings, StateFolder } from './state-folder.ts';
import { tellDisk } from './tell-disk.ts';
import type { Unusable } from './tell-disk.ts';
import { tellServer } from './tell-server.ts';

/** What syncing a folder takes. */
export type FolderOptions = {
  readonly settings: FolderSettings;
  readonly state: StateFolder;
  /** False for a folder that is synced for the first time: then its marker is made. */
  readonly known: boolean;
  readonly client: Client;
  readonly drive: Drive;
  /** What this device is called in the names of conflict copies. */
  readonly device: string;
  /** Why a plan must not be carried out; `undefined` when it may. */
  readonly objection: (plan: Plan, store: Store) => string | undefined;
  readonly progress: TransferProgress;
  readonly tell: Tell;
  /** Something that people should know. */
  readonly note: (text: string) => void;
  readonly signal: AbortSignal;
};

/** A folder that this process syncs. Nothing of it may be used after `close`. */
export type OpenFolder = {
  readonly loop: SyncLoop;
  readonly store: Store;
  readonly path: string;
  readonly drive: DriveId;
  readonly unusable: () => Unusable;
  readonly close: () => Promise<void>;
};

/**
 * Takes a folder for this process and puts together what its loop needs. Throws `RootGone`, `FolderInUse`, or what the file
 * system says.
 */
export function openFolder(options: FolderOptions): OpenFolder {
  const { state, settings, tell } = options;
  mkdirSync(state.path, { recursive: true, mode: 0o700 });
  const root = new Root(settings.path, settings.marker, options.known);
  const workers = new ChunkWorkers();
  let store: SqliteStore;
  try {
    store = openStore(options);
  } catch (error) {
    root.close();
    throw error;
  }
  const disk = new RealDisk(root, workers);
  const told = tellDisk(disk, tell);
  const server = tellServer(connect(options, root, disk, store), store, tell);
  const around: Surroundings = {
    disk: told.disk,
    server,
    store,
    nowMs: Date.now,
    freshEntryId: () => newId(parseEntryId),
    freshWriteId: () => newId(parseWriteId),
    reconcile,
    objection: options.objection,
    rootId: settings.rootId,
    names: nameRules(root.traits),
    device: options.device,
    ignored: () => false,
    selected: isSelected(settings.select, store),
  };
  const close = async (): Promise<void> => {
    await workers.close();
    store.close();
    root.close();
  };
  return { loop: new SyncLoop(around), store, path: root.path, drive: settings.drive, unusable: told.unusable, close };
}

function connect(options: FolderOptions, root: Root, disk: RealDisk, store: Store): RealServer {
  const { client, drive, progress, signal, state } = options;
  return new RealServer({
    client,
    drive,
    lists: new ChunkLists(client, drive),
    files: { reach: (path) => root.reach(path), temporaryFile: (tag) => disk.temporaryFile(tag), traits: root.traits },
    known: (entryId) => store.remote.get(entryId),
    heldBy: (entryId) => {
      const body = store.local.get(entryId)?.body;
      return body?.kind === 'file' ? body.listId : undefined;
    },
    uploadFile: state.file('upload.json'),
    progress,
    signal,
  });
}

/** The store of a folder; a damaged one is put aside and begun anew, and people are told. */
function openStore({ state, note }: FolderOptions): SqliteStore {
  const file = state.file('state.sqlite');
  try {
    return openSqliteStore(file);
  } catch (error) {
    if (!(error instanceof StoreDamaged)) throw error;
    // Not the cursor: everything is listed again, on both sides.
    const { store, savedOperations, damagedFile } = rebuildStore(file, [], Date.now());
    note(
      `${error.message}. It was put aside as ${damagedFile}; ${savedOperations} unanswered operations were kept, and folder and ` +
        'server are compared from the beginning. No file is touched by that.',
    );
    return store;
  }
}
