import type { DriveId, EntryId } from '@driftbox/domain';
import {
  clearSynced,
  MemoryStore,
  Offline,
  pathOf,
  RootGone,
  subtreeOf,
  type Ended,
  type FolderRows,
  type LocalPath,
  type Mounts,
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
  /** The drive's root, once it was opened: then its folder has a marker. */
  rootId: EntryId | undefined;
};

/** A drive that shows up in the synced folder, as it is synced right now. */
export type Mounted = {
  readonly entryId: EntryId;
  readonly path: LocalPath;
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

  constructor(client: MountingClient) {
    this.#client = client;
  }

  all(): readonly Mounted[] {
    return [...this.#mounted.values()];
  }

  /** Opens what is mounted by now and closes what is not, or is elsewhere. */
  async refresh(store: Store, rootId: EntryId): Promise<void> {
    const wanted = new Map<EntryId, { readonly body: MountBody; readonly path: LocalPath; readonly identity: string }>();
    for (const { entryId, body, stat } of store.mounts().local) {
      const path = pathOf(store, rootId, entryId);
      if (path !== undefined && body.kind === 'mount') wanted.set(entryId, { body, path, identity: stat.identity });
    }
    for (const mounted of this.all()) {
      if (wanted.get(mounted.entryId)?.path !== mounted.path || isGone(mounted)) await this.#close(mounted);
    }
    for (const entryId of this.#client.states.keys()) {
      if ([store.local, store.synced, store.remote].every((tree) => tree.get(entryId) === undefined)) this.#client.states.delete(entryId);
    }
    for (const [entryId, { body, path, identity }] of wanted)
      if (!this.#mounted.has(entryId)) await this.#open(entryId, body, path, identity);
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

  async give(entryId: EntryId, path: LocalPath): Promise<FolderRows | undefined> {
    const { states, tree, ownFolders } = this.#client;
    const mounted = this.#mounted.get(entryId);
    if (mounted !== undefined) await this.#close(mounted);
    const state = states.get(entryId);
    const folder = tree.at(path);
    if (state?.rootId === undefined || folder === undefined || hasStashed(ownFolders, folder)) return undefined;
    ownFolders.remove(folder);
    return { local: subtreeOf(state.memory.local, state.rootId), synced: subtreeOf(state.memory.synced, state.rootId) };
  }

  async forget(entryId: EntryId): Promise<void> {
    const mounted = this.#mounted.get(entryId);
    if (mounted !== undefined) await this.#close(mounted);
    this.#client.states.delete(entryId);
  }

  async end(entryId: EntryId, mount: MountBody, path: LocalPath, seen: Stat): Promise<Ended> {
    const { states, tree, ground, process, ownFolders } = this.#client;
    const mounted = this.#mounted.get(entryId);
    if (mounted !== undefined) await this.#close(mounted);
    const state = states.get(entryId);
    const folder = tree.at(path);
    if (folder === undefined || statOf(folder).identity !== seen.identity) return { failed: 'its folder is elsewhere by now' };
    try {
      if (state?.rootId !== undefined) {
        const disk = new SimulatedDisk(ground, this.#held(path, folder, undefined), process);
        const failed = await clearSynced(disk, state.store, mount.rootId);
        if (failed !== undefined) return { failed };
      }
    } catch (error) {
      if (error instanceof RootGone) return { failed: error.message };
      throw error;
    }
    const now = tree.at(path);
    if (now !== folder) return { failed: 'its folder is elsewhere by now' };
    if (hasStashed(ownFolders, now)) return { failed: 'something in it was put aside, and cannot be put back' };
    states.delete(entryId);
    ownFolders.remove(now);
    if (now.children.size > 0) return { ended: 'kept' };
    tree.put(path, undefined);
    return { ended: 'gone' };
  }

  async #open(entryId: EntryId, { drive, rootId }: MountBody, at: LocalPath, identity: string): Promise<void> {
    const { states, tree, ownFolders, ask, runnerFor } = this.#client;
    if (states.get(entryId)?.rootId === undefined) {
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
    if (state.rootId !== undefined && !markers.has(entryId)) return;
    markers.add(entryId);
    state.rootId = rootId;
    const ends = { hasEnded: false };
    const guard = (server: Server): Server => guarded(server, ends);
    const runner = runnerFor({ drive, at, held: this.#held(at, folder, entryId), state, guard });
    this.#mounted.set(entryId, { entryId, path: at, memory: state.memory, runner, ends, busy: Promise.resolve() });
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
    const made: MountState = { memory, store: wrapStore(memory), rootId: undefined };
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

/** Its folder was not there, or empty: it may be by now. */
function isGone({ runner: { last } }: Mounted): boolean {
  return last?.result === 'halted' && last.plan === undefined;
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
