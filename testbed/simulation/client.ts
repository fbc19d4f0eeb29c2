import type { EntryId, WriteId } from '@driftbox/domain';
import { MemoryStore, News, objectionTo, SyncLoop } from '@driftbox/sync-client';
import type { Disk, PassResult, Server, Store, Mounts, Surroundings } from '@driftbox/sync-client';
import { reconcile, type Plan } from '@driftbox/sync-core';
import { caseless, type FileTree, type Inode } from './disk/file-tree.ts';
import { folderGone, SimulatedDisk, type DiskState } from './disk/simulated-disk.ts';
import { happens, type Ground, type Process } from './ground.ts';
import type { Link } from './server/network.ts';
import { ServerPort } from './server/server-port.ts';
import { rootId, type SimulatedServer } from './server/simulated-server.ts';

/** What a planted bug wraps around the parts of a client. Each may be left as it is. */
export type Wrap = {
  readonly disk?: (disk: Disk, state: DiskState) => Disk;
  readonly server?: (server: Server, store: Store, ground: Ground, process: Process) => Server;
  readonly store?: (store: Store) => Store;
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

const pollMs = 30_000;
const retryMs = 2_000;
const noticeMs = 500;
/** Until somebody sees that a client has halted, and says that it may go on. */
const consentMs = 1_000;

/** One device: its disk and its memory, which last, and the process that syncs, which does not. */
export class Client {
  readonly index: number;
  readonly disk: DiskState;
  /** What its processes work with; `memory` is the same without anything planted. */
  readonly store: Store;
  readonly memory = new MemoryStore();
  readonly link: Link = { partitioned: false };
  process: Process;
  isSyncing = false;
  /** The number of the last id before something took all that was in the folder, and the entries that were in it. */
  mishapFrom = 0;
  mishapOf: ReadonlySet<EntryId> = new Set();
  loop: SyncLoop | undefined;
  #news: News;
  /** The result of the last run that ended. */
  last: PassResult | undefined;
  readonly #ground: Ground;
  readonly #server: SimulatedServer;
  readonly #wrap: Wrap;
  readonly #onError: (error: unknown) => void;
  #ids = 0;
  /** Set while its user has said that it may remove as much as it likes. */
  #consents = false;
  #wake: (() => void) | undefined;
  #woken = false;

  constructor(index: number, ground: Ground, server: SimulatedServer, wrap: Wrap, tree: FileTree, onError: (error: unknown) => void) {
    this.index = index;
    this.process = { client: index, alive: false };
    this.#news = new News(() => ground.scheduler.nowMs);
    this.#ground = ground;
    this.#server = server;
    this.#wrap = wrap;
    this.#onError = onError;
    const stash = new Map<string, Inode>();
    this.disk = { tree, stash, arrived: new Map(), isUnplugged: false, isFull: false, takenAway: undefined };
    this.store = wrap.store?.(this.memory) ?? this.memory;
  }

  /** Syncs, in a new process unless there is one, until that is killed, or has come to the end of a run and `isOver` says so. */
  start(isOver: () => boolean): void {
    if (this.isSyncing) return;
    if (!this.process.alive) {
      this.process = { client: this.index, alive: true };
      this.#news = this.#wrap.news?.() ?? new News(() => this.#ground.scheduler.nowMs);
      this.#news.connected(true);
      this.loop = new SyncLoop(this.#surroundings(this.process));
    }
    this.isSyncing = true;
    this.#drive(this.loop!, this.process, isOver).catch(this.#onError);
  }

  /** Its promises are never answered again, and what its user allowed it ends with it; what it kept stays. */
  kill(): void {
    this.process.alive = false;
    this.isSyncing = false;
    this.#consents = false;
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

  /** Something may have happened on disk, or on the server up to `seq`. */
  notice(seq?: number): void {
    const { scheduler, random } = this.#ground;
    if (happens(this.#ground, this.#ground.weather.unheard)) return;
    scheduler.after(random.integer(1, noticeMs), () => {
      if (!this.process.alive) return;
      if (seq !== undefined) {
        this.#news.heard({ epoch: this.#server.drive.drive.epoch, seq });
        this.#wrap.hinted?.(this.store, seq);
      }
      this.wake();
    });
  }

  wake(): void {
    this.#woken = true;
    this.#wake?.();
  }

  async #drive(loop: SyncLoop, process: Process, isOver: () => boolean): Promise<void> {
    do {
      this.#woken = false;
      const result = await loop.run();
      this.last = result;
      const { scheduler, trace } = this.#ground;
      trace.note(scheduler.nowMs, `client ${this.index} ${result.result}`, () => JSON.stringify(loop.waiting()));
      if (result.result === 'halted') return this.#halt(result.reason !== folderGone, isOver);
      if (result.result === 'quiet') this.#consents = false;
      if (!isOver()) await this.#wait(this.#pauseAfter(result), process);
    } while (!isOver());
    this.isSyncing = false;
  }

  /** The process ends. Where the disk is as its user left it, that was meant, and it is started again with consent. */
  #halt(mayConsent: boolean, isOver: () => boolean): void {
    this.kill();
    if (!mayConsent || this.isInMishap) return;
    this.#consents = true;
    if (!isOver()) this.#ground.scheduler.after(consentMs, () => this.start(isOver));
  }

  #objection(plan: Plan): string | undefined {
    if (this.#consents) return undefined;
    const { local, synced } = this.memory;
    const counts = () => ({ onDisk: [...local.all()].length, synced: [...synced.all()].length });
    return objectionTo(plan, { local, synced, counts });
  }

  #pauseAfter(result: PassResult): number {
    if (result.result === 'offline') return retryMs;
    if (result.result === 'moved') return 1;
    const dueMs = result.result === 'quiet' ? result.lookAgainMs : undefined;
    return dueMs === undefined ? pollMs : Math.max(1, Math.min(pollMs, dueMs - this.#ground.scheduler.nowMs));
  }

  /** Until the time is over or something wakes the client. */
  #wait(ms: number, process: Process): Promise<void> {
    return new Promise((resolve) => {
      const go = () => {
        this.#wake = undefined;
        if (process.alive) resolve();
      };
      let isOver = false;
      const once = () => {
        if (isOver) return;
        isOver = true;
        go();
      };
      this.#wake = once;
      if (this.#woken) once();
      else this.#ground.scheduler.after(ms, once);
    });
  }

  #surroundings(process: Process): Surroundings {
    const ground = this.#ground;
    const disk = new SimulatedDisk(ground, this.disk, process);
    const server = new ServerPort(ground, process, this.link, this.#server, disk, this.disk);
    return {
      disk: this.#wrap.disk?.(disk, this.disk) ?? disk,
      server: this.#wrap.server?.(server, this.store, ground, process) ?? server,
      store: this.store,
      mounts: noMounts,
      nowMs: () => ground.scheduler.nowMs,
      freshEntryId: () => this.#freshId('e') as EntryId,
      freshWriteId: () => this.#freshId('f') as WriteId,
      reconcile: this.#wrap.reconcile ?? reconcile,
      objection: (plan) => this.#objection(plan),
      objectionToEmpty: this.#wrap.objectionToEmpty ?? (() => (this.#consents ? undefined : 'the folder is empty')),
      news: this.#news,
      rootId,
      names: { exact: this.disk.tree.tellsCases, keyOf: this.disk.tree.tellsCases ? (name) => name : caseless, representable: () => true },
      device: `device ${this.index}`,
      ignored: () => false,
      selected: () => true,
    };
  }

  #freshId(kind: string): string {
    this.#ids += 1;
    return `00000000-0000-7000-8${kind}${this.index}0-${this.#ids.toString(16).padStart(12, '0')}`;
  }
}

/** One drive is simulated, and nothing is mounted in it. */
const noMounts: Mounts = {
  take: () => {
    throw new Error('nothing is mounted here');
  },
  give: () => Promise.reject(new Error('nothing is mounted here')),
  end: () => Promise.reject(new Error('nothing is mounted here')),
};
