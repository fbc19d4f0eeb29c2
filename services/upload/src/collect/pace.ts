import { setTimeout as wait } from 'node:timers/promises';

/** Keeps background work at a rate: whoever spends too fast waits. */
export class Pace {
  readonly #perSecond: number;
  #freeAtMs = 0;

  /** `perSecond` units, of whatever is spent. */
  constructor(perSecond: number) {
    this.#perSecond = perSecond;
  }

  /** Resolves when so many units may be spent, a second ahead at most. Ends at once, and without error, when `signal` does. */
  async spend(units: number, signal: AbortSignal): Promise<void> {
    const nowMs = performance.now();
    this.#freeAtMs = Math.max(this.#freeAtMs, nowMs - 1_000) + (units * 1_000) / this.#perSecond;
    if (this.#freeAtMs > nowMs) await wait(this.#freeAtMs - nowMs, undefined, { signal, ref: false }).catch(() => {});
  }
}
