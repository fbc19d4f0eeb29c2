import { mkdirSync } from 'node:fs';
import type { Client } from '@driftbox/api-client';
import { parseEntryId, parseWriteId } from '@driftbox/domain';
import type { DriveId, EntryId } from '@driftbox/domain';
import { reconcile } from '@driftbox/sync-core';
import type { Plan, ReconcileInput } from '@driftbox/sync-core';
import { newId } from '@driftbox/transfer';
import { RealDisk } from '../disk/real-disk.ts';
import { Root } from '../disk/root.ts';
import { nameRules } from '../disk/traits.ts';
import { News } from '../news.ts';
import { RootGone } from '../ports/disk.ts';
import type { Disk, DiskOutcome } from '../ports/disk.ts';
import type { Server } from '../ports/server.ts';
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
import { writeStatus } from './folder-status.ts';
import { Ignored } from './ignored.ts';
import { MountedFolders } from './mounted-folders.ts';
import type { Counts } from './objection.ts';
import { Selection } from './selected.ts';
import { createRefuge } from './refuge.ts';
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
  /** What this device is called in the names of conflict copies. */
  readonly device: string;
  /** Why a plan must not be carried out; `undefined` when it may. */
  readonly objection: (plan: Plan, store: Store & Counts) => string | undefined;
  /** The same for a folder that is suddenly empty. */
  readonly objectionToEmpty: () => string | undefined;
  readonly progress: TransferProgress;
  readonly tell: Tell;
  /** Something that people should know. */
  readonly note: (text: string) => void;
  readonly signal: AbortSignal;
  /** For a run that only looks: another store, another way to plan, and hands off what an earlier run left aside. */
  readonly storeFile?: string;
  readonly reconcile?: (input: ReconcileInput) => Plan;
  readonly readOnly?: boolean;
  /** Of a drive that shows up in another: something that was changed and may only be read has left for the folder around this one. */
  readonly left?: (text: string) => void;
};

/** A folder that this process syncs. Nothing of it may be used after `close`. */
export type OpenFolder = {
  readonly loop: SyncLoop;
  readonly disk: Disk;
  readonly store: Store;
  readonly server: Server;
  /** The drives that show up in it. */
  readonly mounted: MountedFolders;
  readonly path: string;
  readonly drive: DriveId;
  readonly rootId: EntryId;
  /** To be told what the server's hints say. */
  readonly news: News;
  readonly unusable: () => Unusable;
  readonly close: () => Promise<void>;
};

/**
 * Takes a folder for this process and puts together what its loop needs. Throws `RootGone`, `FolderInUse`, or what the file
 * system says.
 */
export function openFolder(options: FolderOptions): OpenFolder {
  const { state, settings, tell, client, device, left } = options;
  mkdirSync(state.path, { recursive: true, mode: 0o700 });
  const root = takeRoot(options);
  let store: SqliteStore;
  try {
    store = openStore(options);
  } catch (error) {
    root.close();
    throw error;
  }
  const disk = new RealDisk(root);
  const told = tellDisk(disk, tell);
  const ignored = new Ignored(root.path, settings.ignore);
  const selection = new Selection(settings.select, (path, isFolder) => ignored.has(path, isFolder), store);
  const { rootId } = settings.drive;
  const news = new News(() => performance.now());
  const mounted = new MountedFolders(options, openFolder);
  const around: Surroundings = {
    disk: options.readOnly === true ? lookOnly(told.disk) : told.disk,
    server: tellServer(connect(options, root, disk, store), store, tell),
    mounts: mounted,
    refuge: left && createRefuge({ root, client, drive: settings.drive.drive, device, took: left }),
    store: { ...store, changed: () => [...store.changed(), ...selection.stopped(rootId)] },
    nowMs: Date.now,
    freshEntryId: () => newId(parseEntryId),
    freshWriteId: () => newId(parseWriteId),
    reconcile: options.reconcile ?? reconcile,
    objection: (plan) => options.objection(plan, store),
    objectionToEmpty: options.objectionToEmpty,
    news,
    rootId,
    names: nameRules(root.traits),
    device,
    ignored: (path, kind) => ignored.has(path, kind === 'folder'),
    selected: (entry) => selection.has(entry),
  };
  const close = async (): Promise<void> => {
    await mounted.close();
    store.close();
    root.close();
  };
  const { disk: doing, server } = around;
  const { drive } = settings.drive;
  return {
    loop: new SyncLoop(around),
    disk: doing,
    store,
    server,
    mounted,
    path: root.path,
    drive,
    rootId,
    news,
    unusable: told.unusable,
    close,
  };
}

/** A disk on which nothing can be done, so that whatever is tried is left for later. What an earlier run left aside stays there. */
function lookOnly(disk: Disk): Disk {
  const nothing = async (): Promise<DiskOutcome> => ({ outcome: 'changed' });
  const steps = { makeFolder: nothing, makeLink: nothing, move: nothing, stash: nothing, unstash: nothing, remove: nothing };
  return { ...disk, ...steps, setAttributes: nothing, place: nothing, stashed: async () => [], discardAll: async () => {} };
}

/** Takes the folder. One that is gone is a halt that `status` tells, whoever started this. */
function takeRoot({ settings, state, known, readOnly }: FolderOptions): Root {
  try {
    return new Root(settings.path, settings.marker, known);
  } catch (error) {
    if (error instanceof RootGone && readOnly !== true) {
      writeStatus(state, { pid: process.pid, state: 'halted', reason: error.message, at: new Date().toISOString(), waiting: [] });
    }
    throw error;
  }
}

function connect(options: FolderOptions, root: Root, disk: RealDisk, store: Store): RealServer {
  const { client, progress, signal, state } = options;
  const { drive } = options.settings;
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
function openStore({ state, note, storeFile }: FolderOptions): SqliteStore {
  const file = storeFile ?? state.file('state.sqlite');
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
