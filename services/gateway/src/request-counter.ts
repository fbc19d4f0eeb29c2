import type { Claim } from '@driftbox/redis';
import { BoundedMap } from '@driftbox/service-kit';

/** Counts one request against several rates: 0 where it is taken, or milliseconds until it would be; then it is counted nowhere. */
export type CountRequest = (claims: readonly Claim[], nowMs: number) => number | Promise<number>;

/** Times of day in milliseconds are exact to about this much once steps are added up. */
const roundingMs = 0.01;

/**
 * Counts requests by key against rates that may differ from key to key and from time to time: the generic cell rate algorithm
 * (ITU-T I.371), which keeps one number per key, the time at which the key's bucket would be full again. Kept in this process:
 * with n replicas a caller may do up to n times as much. A key that is forgotten because there are more than `maximum` starts
 * with a full burst.
 */
export class RequestCounter {
  readonly #fullMs: BoundedMap<number>;

  constructor(maximum: number) {
    this.#fullMs = new BoundedMap(maximum);
  }

  take(claims: readonly Claim[], nowMs: number): number {
    const steps = claims.map(({ key, rate }) => {
      const stepMs = 1000 / rate.perSecond;
      const fullMs = this.#fullMs.get(key, nowMs) ?? nowMs;
      return { key, fullMs: fullMs + stepMs, waitMs: fullMs - (rate.burst - 1) * stepMs - nowMs };
    });
    const waitMs = Math.max(0, ...steps.map((step) => step.waitMs));
    if (waitMs > roundingMs) return waitMs;
    for (const { key, fullMs } of steps) this.#fullMs.set(key, fullMs, fullMs);
    return 0;
  }
}
