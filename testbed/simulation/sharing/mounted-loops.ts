import type { DriveId, EntryId } from '@driftbox/domain';
import {
  clearSynced,
  endFolder,
  isGone,
  MemoryStore,
  Offline,
  planMounts,
  RootGone,
  subtreeOf,
  type DueMount,
  type Ended,
  type FolderRows,
  type Left,
  type LocalPath,
  type Mounts,
  type RunningMount,
  type Server,
  type Stat,
  type Store,
} from '@driftbox/sync-client';
import type { MountBody } from '@driftbox/sync-core';
import { override } from '../defects/override.ts';
import { statOf, type FileTree, type Inode } from '../disk/file-tree.ts';
import { filesIn } from '../disk/files-in.ts';
import { folderGone, SimulatedDisk, type Held } from '../disk/simulated-disk.ts';
import type { Ground, Process } from '../ground.ts';
import type { Runner } from '../runner.ts';
import type { OwnFolders } from './own-folder.ts';

/** What a device remembers of a drive that shows up in its folder. */
export type MountState = {
  readonly memory: MemoryStore;
  /** The same, with what is planted. */
  readonly store: Store;
  /** Once it was opened: then its folder has a marker. */
  opened: Pick<MountBody, 'drive' | 'rootId'> | undefined;
};

/** A drive that shows up in the synced folder, as it is synced right now. */
export type Mounted = RunningMount & {
  readonly memory: MemoryStore;
  readonly runner: Runner;
  readonly ends: { hasEnded: boolean };
  busy: Promise<void>;
};

/** A folder about to be synced with a drive. */
export type Opening = {
  readonly drive: DriveId;
  readonly at: LocalPath;
  readonly held: Held;
  readonly state: MountState;
  /** What a server has to go through: it answers nothing once the mount is closed. */
  readonly guard: (server: Server) => Server;
};

/** The client around the mounts. */
export type MountingClient = {
  readonly ground: Ground;
  readonly process: Process;
  readonly tree: FileTree;
  readonly isFull: () => boolean;
  readonly isUnplugged: () => boolean;
  readonly ownFolders: OwnFolders;
  /** What outlasts a process. */
  readonly states: Map<EntryId, MountState>;
  readonly wrapStore: (store: Store) => Store;
  /** A drive's server, for one who works on a disk. */
  readonly portFor: (drive: DriveId, disk: SimulatedDisk, held: Held) => Server;
  /** Asks the server about a drive. Throws `Offline`. */
  readonly ask: (drive: DriveId) => Promise<unknown>;
  readonly runnerFor: (opening: Opening) => Runner;
  /** A mounted loop wants a person to decide. */
  readonly halted: () => void;
  readonly onError: (error: unknown) => void;
};

/** What the real client's mounted folders do, on a simulated disk: a loop and a store for each drive that shows up. */
export class MountedLoops implements Mounts {
  readonly #client: MountingClient;
  readonly #mounted = new Map<EntryId, Mounted>();
  /** Drives whose folder is being cleared of what they have, as they were when that began. */
  readonly clearing = new Set<DriveId>();

  constructor(client: MountingClient) {
    this.#client = client;
  }

  all(): readonly Mounted[] {
    return [...this.#mounted.values()];
  }

  /** Opens what is mounted by now and closes what is not, or is elsewhere. */
  async refresh(store: Store, rootId: EntryId): Promise<void> {
    const { states } = this.#client;
    const { over, forgotten, due } = planMounts({ store, rootId }, this.all(), states.keys());
    for (const mounted of over) await this.#close(mounted);
    for (const entryId of forgotten) states.delete(entryId);
    for (const one of due) await this.#open(one);
  }

  /** Each runs until it is over or closed. Those that run already go on. */
  start(isOver: () => boolean): void {
    for (const mounted of this.all()) {
      if (mounted.runner.isRunning || isGone(mounted)) continue;
      mounted.busy = this.#drive(mounted, isOver);
      mounted.busy.catch(this.#client.onError);
    }
  }

  /** Each runs once, in turn. */
  async runInTurn(): Promise<void> {
    for (const mounted of this.all()) {
      if (mounted.runner.isRunning) continue;
      mounted.busy = this.#drive(mounted, () => true);
      await mounted.busy;
    }
  }

  take(entryId: EntryId, { local, synced }: FolderRows): void {
    const { store } = this.#stateOf(entryId);
    store.transaction(() => {
      for (const row of local) store.putLocal(row);
      for (const row of synced) store.putSynced(row);
    });
  }

  async give(entryId: EntryId, path: LocalPath, seen: Stat): Promise<FolderRows | undefined> {
    const { states, tree, ownFolders } = this.#client;
    const mounted = this.#mounted.get(entryId);
    if (mounted !== undefined) await this.#close(mounted);
    const state = states.get(entryId);
    const folder = tree.at(path);
    if (state?.opened === undefined || folder === undefined || statOf(folder).identity !== seen.identity) return undefined;
    if (hasStashed(ownFolders, folder)) return undefined;
    ownFolders.remove(folder);
    const { rootId } = state.opened;
    return { local: subtreeOf(state.memory.local, rootId), synced: subtreeOf(state.memory.synced, rootId) };
  }

  async forget(entryId: EntryId): Promise<void> {
    const mounted = this.#mounted.get(entryId);
    if (mounted !== undefined) await this.#close(mounted);
    this.#client.states.delete(entryId);
  }

  async end(entryId: EntryId, path: LocalPath, seen: Stat): Promise<Ended> {
    const { states, tree, ownFolders } = this.#client;
    const mounted = this.#mounted.get(entryId);
    if (mounted !== undefined) await this.#close(mounted);
    const state = states.get(entryId);
    const folder = tree.at(path);
    try {
      return await endFolder({
        isThere: () => folder !== undefined && tree.at(path) === folder && statOf(folder).identity === seen.identity,
        clear: async () => folder && state && this.#clear(path, folder, state),
        hasStashed: () => folder !== undefined && hasStashed(ownFolders, folder),
        forget: () => {
          states.delete(entryId);
          if (folder !== undefined) ownFolders.remove(folder);
        },
        remove: () => {
          if (folder?.children.size === 0) tree.put(path, undefined);
        },
      });
    } catch (error) {
      if (error instanceof RootGone || error instanceof Offline) return { failed: error.message };
      throw error;
    }
  }

  async #clear(path: LocalPath, folder: Inode, { store, opened }: MountState): Promise<Left | undefined> {
    const { ground, process, portFor } = this.#client;
    if (opened === undefined) return undefined;
    const held = this.#held(path, folder, undefined);
    const disk = new SimulatedDisk(ground, held, process);
    const server = portFor(opened.drive, disk, held);
    this.clearing.add(opened.drive);
    try {
      return await clearSynced({ disk, store, server, rootId: opened.rootId, nowMs: () => ground.scheduler.nowMs });
    } finally {
      this.clearing.delete(opened.drive);
    }
  }

  async #open({ entryId, body: { drive, rootId }, path: at, stat: { identity } }: DueMount): Promise<void> {
    const { states, tree, ownFolders, ask, runnerFor } = this.#client;
    if (states.get(entryId)?.opened === undefined) {
      try {
        await ask(drive);
      } catch (error) {
        if (error instanceof Offline) return;
        throw error;
      }
    }
    const folder = tree.at(at);
    if (folder?.kind !== 'folder' || statOf(folder).identity !== identity) return;
    const state = this.#stateOf(entryId);
    const { markers } = ownFolders.in(folder);
    if (state.opened !== undefined && !markers.has(entryId)) return;
    markers.add(entryId);
    state.opened = { drive, rootId };
    const ends = { hasEnded: false };
    const guard = (server: Server): Server => guarded(server, ends);
    const runner = runnerFor({ drive, at, held: this.#held(at, folder, entryId), state, guard });
    const { memory } = state;
    this.#mounted.set(entryId, {
      entryId,
      path: at,
      memory,
      runner,
      ends,
      busy: Promise.resolve(),
      get last() {
        return runner.last;
      },
    });
  }

  async #drive(mounted: Mounted, isOver: () => boolean): Promise<void> {
    await mounted.runner.drive(
      () => mounted.ends.hasEnded || isOver(),
      (result) => {
        if (result.result !== 'halted') return true;
        // Its folder is elsewhere by now, or not there: it is opened again where it is found.
        if (result.reason !== folderGone) this.#client.halted();
        return false;
      },
    );
  }

  async #close(mounted: Mounted): Promise<void> {
    this.#mounted.delete(mounted.entryId);
    mounted.ends.hasEnded = true;
    mounted.runner.wake();
    await mounted.busy;
  }

  #stateOf(entryId: EntryId): MountState {
    const { states, wrapStore } = this.#client;
    const found = states.get(entryId);
    if (found !== undefined) return found;
    const memory = new MemoryStore();
    const made: MountState = { memory, store: wrapStore(memory), opened: undefined };
    states.set(entryId, made);
    return made;
  }

  /** `marker` is what the folder must have in it; none where it is told by what each thing in it is. */
  #held(path: LocalPath, folder: Inode, marker: EntryId | undefined): Held {
    const { tree, ownFolders, isFull, isUnplugged } = this.#client;
    const own = ownFolders.in(folder);
    return {
      tree: filesIn(tree, path),
      stash: own.stash,
      arrived: own.arrived,
      get isUnplugged() {
        return isUnplugged() || tree.at(path) !== folder || (marker !== undefined && !own.markers.has(marker));
      },
      get isFull() {
        return isFull();
      },
    };
  }
}

function hasStashed(ownFolders: OwnFolders, folder: Inode): boolean {
  return (ownFolders.find(folder)?.stash.size ?? 0) > 0;
}

function guarded(server: Server, ends: { readonly hasEnded: boolean }): Server {
  const ask = <T>(work: () => Promise<T>): Promise<T> => (ends.hasEnded ? Promise.reject(new Offline('it was closed')) : work());
  return override(server, {
    changes: (after, limit) => ask(() => server.changes(after, limit)),
    below: (folderId) => ask(() => server.below(folderId)),
    send: (epoch, operations, hooks) => ask(() => server.send(epoch, operations, hooks)),
    fetch: (wanted, arrived) => ask(() => server.fetch(wanted, arrived)),
  });
}
