import { BoundedMap } from '@driftbox/service-kit';

/** So many requests a second on average, and so many at once. Both at least 1. */
export type Rate = { readonly perSecond: number; readonly burst: number };

/** Times of day in milliseconds are exact to about this much once steps are added up. */
const roundingMs = 0.01;

/**
 * Counts requests by key against a rate that may differ from key to key and from time to time: the generic cell rate
 * algorithm (ITU-T I.371), which keeps one number per key, the time at which the key's bucket would be full again. Kept
 * in this process: with n replicas a caller may do up to n times as much. A key that is forgotten because there are more
 * than `maximum` starts with a full burst.
 */
export class RequestCounter {
  readonly #fullMs: BoundedMap<number>;

  constructor(maximum: number) {
    this.#fullMs = new BoundedMap(maximum);
  }

  /** Counts one request. Answers 0, or the milliseconds until it would be taken; then it was not counted. */
  take(key: string, rate: Rate, nowMs: number): number {
    const stepMs = 1000 / rate.perSecond;
    const fullMs = this.#fullMs.get(key, nowMs) ?? nowMs;
    const waitMs = fullMs - (rate.burst - 1) * stepMs - nowMs;
    if (waitMs > roundingMs) return waitMs;
    this.#fullMs.set(key, fullMs + stepMs, fullMs + stepMs);
    return 0;
  }
}
