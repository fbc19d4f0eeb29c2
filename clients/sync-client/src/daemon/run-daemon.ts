import type { PassResult } from '../pass.ts';
import type { SyncLoop } from '../sync-loop.ts';
import type { WatchListener } from '../watch/watcher.ts';
import { Debounce } from './debounce.ts';
import { Wake } from './wake.ts';

/** Everything is looked at so often even if nobody says that anything changed; up to a tenth more, by chance. */
const lookMs = 10 * 60_000;
/** The first pause without a server, and the longest. */
const firstPauseMs = 1_000;
const longestPauseMs = 60_000;

/** What a daemon is told, and whom it tells. */
export type DaemonOptions = {
  readonly loop: Pick<SyncLoop, 'run'>;
  /** True while a person wants it to rest. */
  readonly paused: () => boolean;
  /** What a run came to, or that it rests. */
  readonly tell: (state: PassResult | { readonly result: 'paused' } | { readonly result: 'running' }) => void;
  readonly signal: AbortSignal;
  readonly random?: () => number;
  readonly now?: () => number;
};

/** Passes when something changed here or there, and from time to time. */
export class Daemon {
  readonly #options: Required<DaemonOptions>;
  readonly #wake = new Wake();
  readonly #debounce = new Debounce();
  #atOnce = true;

  constructor(options: DaemonOptions) {
    this.#options = { random: Math.random, now: () => performance.now(), ...options };
    options.signal.addEventListener('abort', () => this.#wake.call());
  }

  /** What a watcher of the folder reports. */
  readonly listener: WatchListener = {
    changed: (paths) => {
      if (paths.length === 0) return;
      this.#debounce.changed(paths, this.#options.now());
      this.#wake.call();
    },
    overflowed: () => this.call(),
  };

  /** The server has something new, or a person wants a pass now. */
  call(): void {
    this.#atOnce = true;
    this.#wake.call();
  }

  /** Runs until the signal ends it, or a person has to decide: then it answers why. */
  async run(): Promise<PassResult | undefined> {
    const { loop, paused, tell, signal, now } = this.#options;
    let failures = 0;
    while (!signal.aborted) {
      if (paused()) {
        tell({ result: 'paused' });
        await this.#wake.sleep(lookMs);
        continue;
      }
      this.#atOnce = false;
      this.#debounce.passed(now());
      tell({ result: 'running' });
      const result = await loop.run().catch((error: unknown) => {
        if (signal.aborted) return undefined;
        throw error;
      });
      if (result === undefined) return undefined;
      tell(result);
      if (result.result === 'halted') return result;
      failures = result.result === 'offline' ? failures + 1 : 0;
      if (result.result === 'moved') continue;
      if (failures > 0) await this.#rest(now() + this.#pauseMs(failures), false);
      else await this.#rest(now() + this.#quietMs(result), true);
    }
    return undefined;
  }

  /** Until `endMs`, or with `heed` until a change is due. Without a server changes wait as well: they cannot be sent. */
  async #rest(endMs: number, heed: boolean): Promise<void> {
    const { signal, now, paused } = this.#options;
    for (;;) {
      const dueMs = Math.min(endMs, (heed ? this.#debounce.dueMs() : undefined) ?? Infinity);
      const leftMs = dueMs - now();
      if (signal.aborted || this.#atOnce || leftMs <= 0 || paused()) return;
      await this.#wake.sleep(leftMs);
    }
  }

  #pauseMs(failures: number): number {
    return Math.min(firstPauseMs * 2 ** (failures - 1), longestPauseMs) * (0.5 + this.#options.random() / 2);
  }

  /** Milliseconds until the next look that only the clock asks for. */
  #quietMs(result: PassResult): number {
    const { now, random } = this.#options;
    const dueMs = 'lookAgainMs' in result && result.lookAgainMs !== undefined ? result.lookAgainMs - Date.now() : Infinity;
    const busyMs = this.#debounce.notBeforeMs() - now();
    return Math.min(lookMs * (1 + random() / 10), Math.max(dueMs, busyMs));
  }
}
