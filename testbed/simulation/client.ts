import type { EntryId, WriteId } from '@driftbox/domain';
import { MemoryStore, News, objectionTo } from '@driftbox/sync-client';
import type { Disk, LocalPath, Mounts, PassResult, Refuge, Server, Store, Surroundings, SyncLoop } from '@driftbox/sync-client';
import { reconcile, type Plan } from '@driftbox/sync-core';
import { listIdOf, type ContentTag } from './contents.ts';
import { caseless, statOf, type FileTree, type Inode } from './disk/file-tree.ts';
import { folderGone, SimulatedDisk, type DiskState, type Held } from './disk/simulated-disk.ts';
import { happens, type Ground, type Process } from './ground.ts';
import { Runner, type Bell } from './runner.ts';
import { call, type Link } from './server/network.ts';
import { ServerPort } from './server/server-port.ts';
import type { SimulatedServer } from './server/simulated-server.ts';
import type { Cell } from './sharing/cell.ts';
import { MountedLoops, type MountState, type Opening } from './sharing/mounted-loops.ts';
import { OwnFolders } from './sharing/own-folder.ts';
import { simulatedRefuge } from './sharing/simulated-refuge.ts';

/** What a planted bug wraps around the parts of a client. Each may be left as it is. */
export type Wrap = {
  readonly disk?: (disk: Disk, state: Held) => Disk;
  readonly server?: (server: Server, store: Store, ground: Ground, process: Process) => Server;
  readonly store?: (store: Store) => Store;
  readonly mounts?: (mounts: Mounts, tree: FileTree) => Mounts;
  readonly refuge?: (refuge: Refuge, tree: FileTree, at: LocalPath) => Refuge;
  readonly reconcile?: Surroundings['reconcile'];
  readonly objectionToEmpty?: Surroundings['objectionToEmpty'];
  readonly news?: () => News;
  /** What a hint does besides waking the client. */
  readonly hinted?: (store: Store, seq: number) => void;
};

/** Which client made an id. */
export function clientOf(id: string): number {
  return Number.parseInt(id.slice(21, 22), 16);
}

/** The how-manyth id of its client it is. */
export function idNumber(id: string): number {
  return Number.parseInt(id.slice(24), 16);
}

const noticeMs = 500;
/** Until somebody sees that a client has halted, and says that it may go on. */
const consentMs = 1_000;

/** What a client is made of. */
export type ClientOptions = {
  readonly index: number;
  /** Whose it is. */
  readonly person: number;
  readonly ground: Ground;
  readonly cell: Cell;
  readonly wrap: Wrap;
  readonly tree: FileTree;
  readonly onError: (error: unknown) => void;
  /** Contents are about to leave a drive for the home drive, as theirs. */
  readonly onLeaving: (person: number, tags: readonly ContentTag[]) => void;
};

/** A folder that is synced with a drive, the home drive's or one inside of it. */
type Synced = {
  readonly process: Process;
  readonly server: SimulatedServer;
  readonly held: Held;
  readonly memory: MemoryStore;
  readonly store: Store;
  readonly bell: Bell;
  readonly name: string;
  readonly more: (disk: SimulatedDisk) => Pick<Surroundings, 'mounts' | 'refuge'>;
  readonly guard: (server: Server) => Server;
};

/** One device: its disk and its memory, which last, and the process that syncs, which does not. */
export class Client {
  readonly index: number;
  readonly person: number;
  readonly disk: DiskState;
  readonly ownFolders = new OwnFolders();
  /** What its processes work with; `memory` is the same without anything planted. */
  readonly store: Store;
  readonly memory = new MemoryStore();
  readonly mountStates = new Map<EntryId, MountState>();
  readonly link: Link = { partitioned: false };
  process: Process;
  /** The number of the last id before something took all that was in the folder, and the entries that were in it. */
  mishapFrom = 0;
  mishapOf: ReadonlySet<EntryId> = new Set();
  /** The result of the last run of the home drive's loop that ended. */
  last: PassResult | undefined;
  readonly #options: ClientOptions;
  #home: Runner | undefined;
  #mounts: MountedLoops | undefined;
  #ids = 0;
  /** Set while its user has said that it may remove as much as it likes. */
  #consents = false;
  /** One for all its processes: what an earlier one waited for may ring for, and silence, a later one. */
  readonly #bell: Bell = { wake: undefined, woken: false };
  #isOver: () => boolean = () => true;

  constructor(options: ClientOptions) {
    const { index, person, tree, wrap } = options;
    this.index = index;
    this.person = person;
    this.process = { client: index, alive: false };
    this.#options = options;
    const stash = new Map<string, Inode>();
    this.disk = { tree, stash, arrived: new Map(), isUnplugged: false, isFull: false, takenAway: undefined };
    this.store = wrap.store?.(this.memory) ?? this.memory;
  }

  get loop(): SyncLoop | undefined {
    return this.#home?.loop;
  }

  get isSyncing(): boolean {
    return this.process.alive && [this.#home, ...this.mounted().map(({ runner }) => runner)].some((runner) => runner?.isRunning);
  }

  /** Whether it removes just now what a drive had. */
  isClearing({ driveId }: SimulatedServer): boolean {
    return this.#mounts?.clearing.has(driveId) ?? false;
  }

  /** The drives that show up in its folder, as they are synced right now. */
  mounted() {
    return this.#mounts?.all() ?? [];
  }

  /** What the newest run of each loop came to, the home drive's first. */
  get results(): readonly (PassResult | undefined)[] {
    return [this.last, ...this.mounted().map(({ runner }) => runner.last)];
  }

  /** Syncs, in a new process unless there is one, until that is killed, or has come to the end of a run and `isOver` says so. */
  start(isOver: () => boolean): void {
    if (this.isSyncing) return;
    if (!this.process.alive) this.#begin();
    this.#isOver = isOver;
    this.#drive(this.process).catch(this.#options.onError);
  }

  /** Its promises are never answered again, and what its user allowed it ends with it; what it kept stays. */
  kill(): void {
    this.process.alive = false;
    this.#consents = false;
  }

  /** What files of a thing hold, with what is put aside in folders of drives in it. */
  contentsOf(inode: Inode): ContentTag[] {
    const aside = this.ownFolders.find(inode)?.stash.values() ?? [];
    return inode.kind === 'file' ? [inode.content] : [...inode.children.values(), ...aside].flatMap((one) => this.contentsOf(one));
  }

  /** Nobody can work in a folder that is gone, and nobody does in one that has just been emptied by a mishap. */
  get isInMishap(): boolean {
    return this.disk.isUnplugged || this.disk.takenAway !== undefined;
  }

  /** How many ids it has made so far: what one was made after. */
  get ids(): number {
    return this.#ids;
  }

  /** The power goes: what was not flushed may be undone. */
  losePower(count: number): void {
    this.kill();
    this.disk.tree.losePower(Math.min(count, this.disk.tree.unflushed));
  }

  /** Something may have happened on disk, or in a drive. */
  notice(server?: SimulatedServer): void {
    const { ground, wrap } = this.#options;
    const { scheduler, random, weather } = ground;
    if (happens(ground, weather.unheard)) return;
    const seq = server?.drive.drive.seq ?? 0;
    scheduler.after(random.integer(1, noticeMs), () => {
      if (!this.process.alive) return;
      for (const runner of this.#runners()) {
        if (runner.server !== server) continue;
        runner.news.heard({ epoch: server.drive.drive.epoch, seq });
        wrap.hinted?.(runner.store, seq);
      }
      this.wake();
    });
  }

  wake(): void {
    for (const runner of this.#runners()) runner.wake();
  }

  #runners(): Runner[] {
    return [this.#home, ...this.mounted().map(({ runner }) => runner)].filter((runner) => runner !== undefined);
  }

  #begin(): void {
    const { ground, cell, wrap, onError } = this.#options;
    const { disk, link } = this;
    const process = { client: this.index, alive: true };
    this.process = process;
    const mounts = new MountedLoops({
      ground,
      process,
      tree: disk.tree,
      isFull: () => disk.isFull,
      isUnplugged: () => disk.isUnplugged,
      ownFolders: this.ownFolders,
      states: this.mountStates,
      wrapStore: (store) => wrap.store?.(store) ?? store,
      portFor: (drive, mountDisk, held) =>
        new ServerPort(ground, process, link, cell.door(cell.driveOf(drive), this.person), mountDisk, held),
      ask: (drive) => call(ground, link, process, 'drive', () => cell.door(cell.driveOf(drive), this.person).isReadOnly()),
      runnerFor: (opening) => this.#mountedRunner(process, opening),
      halted: () => this.#halt(true),
      onError,
    });
    this.#mounts = mounts;
    this.#home = this.#runner({
      process,
      server: this.#homeDrive,
      held: disk,
      memory: this.memory,
      store: this.store,
      bell: this.#bell,
      name: `client ${this.index}`,
      more: () => ({ mounts: wrap.mounts?.(mounts, disk.tree) ?? mounts }),
      guard: (server) => server,
    });
  }

  get #homeDrive(): SimulatedServer {
    return this.#options.cell.homeOf(this.person);
  }

  #mountedRunner(process: Process, { drive, at, held, state, guard }: Opening): Runner {
    const { ground, cell, wrap } = this.#options;
    const server = cell.driveOf(drive);
    const { tree } = this.disk;
    const isReadOnly = (): Promise<boolean> => call(ground, this.link, process, 'role', () => cell.door(server, this.person).isReadOnly());
    const takes = (inode: Inode): void => this.#mayLeave(inode, state.memory);
    const took = (): void => this.notice();
    const refuge = simulatedRefuge({ ground, process, tree, at, held, device: this.#device, isReadOnly, takes, took });
    return this.#runner({
      process,
      server,
      held,
      memory: state.memory,
      store: state.store,
      bell: { wake: undefined, woken: false },
      name: `client ${this.index} in ${at}`,
      more: () => ({ mounts: nothingMounted, refuge: wrap.refuge?.(refuge, tree, at) ?? refuge }),
      guard,
    });
  }

  /** Something of the drive that nobody here wrote to does not leave it. What leaves was put there by hand, or written. */
  #mayLeave(inode: Inode, memory: MemoryStore): void {
    const { onError, onLeaving } = this.#options;
    const row = memory.localByIdentity(statOf(inode).identity);
    const there = row && memory.remote.get(row.entryId)?.body;
    if (inode.kind === 'file' && there?.kind === 'file' && there.listId === listIdOf(inode.content))
      onError(new Error(`client ${this.index} took ${row?.name} out, which is as the drive has it`));
    onLeaving(this.person, this.contentsOf(inode));
  }

  async #drive(process: Process): Promise<void> {
    const [home, mounts, isOver] = [this.#home, this.#mounts, this.#isOver];
    if (home === undefined || mounts === undefined) return;
    await home.drive(isOver, async (result) => {
      this.last = result;
      if (result.result === 'halted') {
        this.#halt(result.reason !== folderGone);
        return false;
      }
      await mounts.refresh(this.store, this.#homeDrive.rootId);
      if (isOver()) await mounts.runInTurn();
      else mounts.start(isOver);
      if (this.results.every((one) => one?.result === 'quiet')) this.#consents = false;
      return process.alive;
    });
  }

  /** The process ends. Where the disk is as its user left it, that was meant, and it is started again with consent. */
  #halt(mayConsent: boolean): void {
    const isOver = this.#isOver;
    this.kill();
    if (!mayConsent || this.isInMishap) return;
    this.#consents = true;
    if (!isOver()) this.#options.ground.scheduler.after(consentMs, () => this.start(isOver));
  }

  #objection(plan: Plan, { local, synced }: MemoryStore): string | undefined {
    if (this.#consents) return undefined;
    const counts = () => ({ onDisk: [...local.all()].length, synced: [...synced.all()].length });
    return objectionTo(plan, { local, synced, counts });
  }

  get #device(): string {
    return `device ${this.index}`;
  }

  #runner({ process, server, held, memory, store, bell, name, more, guard }: Synced): Runner {
    const { ground, cell, wrap } = this.#options;
    const news = wrap.news?.() ?? new News(() => ground.scheduler.nowMs);
    const disk = new SimulatedDisk(ground, held, process);
    const port = new ServerPort(ground, process, this.link, cell.door(server, this.person), disk, held);
    const { tellsCases } = held.tree;
    const around: Surroundings = {
      ...more(disk),
      disk: wrap.disk?.(disk, held) ?? disk,
      server: guard(wrap.server?.(port, store, ground, process) ?? port),
      store,
      nowMs: () => ground.scheduler.nowMs,
      freshEntryId: () => this.#freshId('e') as EntryId,
      freshWriteId: () => this.#freshId('f') as WriteId,
      reconcile: wrap.reconcile ?? reconcile,
      objection: (plan) => this.#objection(plan, memory),
      objectionToEmpty: wrap.objectionToEmpty ?? (() => (this.#consents ? undefined : 'the folder is empty')),
      news,
      rootId: server.rootId,
      names: { exact: tellsCases, keyOf: tellsCases ? (name) => name : caseless, representable: () => true },
      device: this.#device,
      ignored: () => false,
      selected: () => true,
    };
    return new Runner({ ground, process, server, store, news, around, bell, name });
  }

  #freshId(kind: string): string {
    this.#ids += 1;
    return `00000000-0000-7000-8${kind}${this.index}0-${this.#ids.toString(16).padStart(12, '0')}`;
  }
}

/** A shared drive holds no other. */
const nothingMounted: Mounts = {
  take: () => {
    throw new Error('nothing is mounted here');
  },
  give: () => Promise.reject(new Error('nothing is mounted here')),
  forget: () => Promise.reject(new Error('nothing is mounted here')),
  end: () => Promise.reject(new Error('nothing is mounted here')),
};
