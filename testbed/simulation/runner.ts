import { SyncLoop, type News, type PassResult, type Store, type Surroundings } from '@driftbox/sync-client';
import type { Ground, Process } from './ground.ts';
import type { SimulatedServer } from './server/simulated-server.ts';

const pollMs = 30_000;
const retryMs = 2_000;

/** What wakes a runner, while there is one that waits. */
export type Bell = { wake: (() => void) | undefined; woken: boolean };

/** What a runner works with. `store` is what hints may spoil, where that is planted. */
export type RunnerOptions = {
  readonly ground: Ground;
  readonly process: Process;
  readonly server: SimulatedServer;
  readonly store: Store;
  readonly news: News;
  readonly around: Surroundings;
  readonly bell: Bell;
  /** For the trace. */
  readonly name: string;
};

/** One loop in one process: it runs, waits until something calls for it, and runs again. */
export class Runner {
  readonly loop: SyncLoop;
  readonly server: SimulatedServer;
  readonly store: Store;
  readonly news: News;
  /** The result of the last run that ended. */
  last: PassResult | undefined;
  isRunning = false;
  readonly #options: RunnerOptions;

  constructor(options: RunnerOptions) {
    this.#options = options;
    this.server = options.server;
    this.store = options.store;
    this.news = options.news;
    this.news.connected(true);
    this.loop = new SyncLoop(options.around);
  }

  /** Until it has come to the end of a run and `isOver` says so, or `ran` says that it does not go on. */
  async drive(isOver: () => boolean, ran: (result: PassResult) => Promise<boolean> | boolean): Promise<void> {
    this.isRunning = true;
    do {
      this.#options.bell.woken = false;
      const result = await this.loop.run();
      this.last = result;
      const { scheduler, trace } = this.#options.ground;
      trace.note(scheduler.nowMs, `${this.#options.name} ${result.result}`, () => JSON.stringify(this.loop.waiting()));
      if (!(await ran(result))) break;
      if (!isOver()) await this.#wait(this.#pauseAfter(result));
    } while (!isOver());
    this.isRunning = false;
  }

  wake(): void {
    const { bell } = this.#options;
    bell.woken = true;
    bell.wake?.();
  }

  #pauseAfter(result: PassResult): number {
    if (result.result === 'offline') return retryMs;
    if (result.result === 'moved') return 1;
    const dueMs = result.result === 'quiet' ? result.lookAgainMs : undefined;
    return dueMs === undefined ? pollMs : Math.max(1, Math.min(pollMs, dueMs - this.#options.ground.scheduler.nowMs));
  }

  /** Until the time is over or something wakes it. */
  #wait(ms: number): Promise<void> {
    const { ground, process, bell } = this.#options;
    return new Promise((resolve) => {
      const go = () => {
        bell.wake = undefined;
        if (process.alive) resolve();
      };
      let isOver = false;
      const once = () => {
        if (isOver) return;
        isOver = true;
        go();
      };
      bell.wake = once;
      if (bell.woken) once();
      else ground.scheduler.after(ms, once);
    });
  }
}
