import { setTimeout as wait } from 'node:timers/promises';

const kept = 64;
const longestMs = 1_000;

/**
 * Makes "the tenant has this chunk already, this drive does not" take as long as storing it: whoever sends bytes must
 * not learn from the clock what other drives hold. Waits what a recent real store took, picked at random.
 */
export class LikeTiming {
  readonly #durationsMs: number[] = [];
  #next = 0;

  /** Remembers what a real store took. */
  observe(durationMs: number): void {
    this.#durationsMs[this.#next] = Math.min(durationMs, longestMs);
    this.#next = (this.#next + 1) % kept;
  }

  /** Waits like a store. Aborts with the signal. */
  async imitate(signal: AbortSignal): Promise<void> {
    const durationMs = this.#durationsMs[Math.floor(Math.random() * this.#durationsMs.length)];
    if (durationMs === undefined) return;
    await wait(durationMs, undefined, { signal });
  }
}
