import type { EntryId, WriteId } from '@driftbox/domain';
import { MemoryStore, News, SyncLoop, type Disk, type PassResult, type Server, type Store, type Surroundings } from '@driftbox/sync-client';
import { reconcile } from '@driftbox/sync-core';
import { FileTree, type Inode } from './disk/file-tree.ts';
import { SimulatedDisk, type DiskState } from './disk/simulated-disk.ts';
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
  readonly news?: () => News;
  /** What a hint does besides waking the client. */
  readonly hinted?: (store: Store, seq: number) => void;
};

/** Which client made an id. */
export function clientOf(id: string): number {
  return Number.parseInt(id.slice(21, 22), 16);
}

const pollMs = 30_000;
const retryMs = 2_000;
const noticeMs = 500;

/** One device: its disk and its memory, which last, and the process that syncs, which does not. */
export class Client {
  readonly index: number;
  readonly disk: DiskState;
  /** What its processes work with; `memory` is the same without anything planted. */
  readonly store: Store;
  readonly memory: Store = new MemoryStore();
  readonly link: Link = { partitioned: false };
  process: Process;
  isSyncing = false;
  loop: SyncLoop | undefined;
  #news: News;
  /** The result of the last run that ended. */
  last: PassResult | undefined;
  readonly #ground: Ground;
  readonly #server: SimulatedServer;
  readonly #wrap: Wrap;
  readonly #onError: (error: unknown) => void;
  #ids = 0;
  #wake: (() => void) | undefined;
  #woken = false;

  constructor(index: number, ground: Ground, server: SimulatedServer, wrap: Wrap, stepMs: number, onError: (error: unknown) => void) {
    this.index = index;
    this.process = { client: index, alive: false };
    this.#news = new News(() => ground.scheduler.nowMs);
    this.#ground = ground;
    this.#server = server;
    this.#wrap = wrap;
    this.#onError = onError;
    this.disk = { tree: new FileTree(() => ground.scheduler.nowMs, stepMs), stash: new Map<string, Inode>(), arrived: new Map() };
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

  /** Its promises are never answered again; what it kept stays. */
  kill(): void {
    this.process.alive = false;
    this.isSyncing = false;
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
      if (!isOver()) await this.#wait(this.#pauseAfter(result), process);
    } while (!isOver());
    this.isSyncing = false;
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
      nowMs: () => ground.scheduler.nowMs,
      freshEntryId: () => this.#freshId('e') as EntryId,
      freshWriteId: () => this.#freshId('f') as WriteId,
      reconcile: this.#wrap.reconcile ?? reconcile,
      objection: () => undefined,
      news: this.#news,
      rootId,
      names: { exact: true, keyOf: (name) => name, representable: () => true },
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
