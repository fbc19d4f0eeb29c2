/** How many may pass: `perSecond` in the long run, `burst` at once after a rest. */
export type TokenRate = { readonly perSecond: number; readonly burst: number };

/** A token bucket that can be overdrawn: who takes a token that is not there yet is told how long to wait for it, in turn. */
export class TokenBucket {
  readonly #rate: TokenRate;
  #tokens: number;
  #filledAtMs: number;

  /** Full at `nowMs`. */
  constructor(rate: TokenRate, nowMs: number) {
    this.#rate = rate;
    this.#tokens = rate.burst;
    this.#filledAtMs = nowMs;
  }

  /** Takes a token and answers after how many milliseconds it may be used; takes none, and answers `undefined`, above `mostMs`. */
  take(nowMs: number, mostMs = Infinity): number | undefined {
    const { perSecond, burst } = this.#rate;
    const grown = (Math.max(0, nowMs - this.#filledAtMs) / 1000) * perSecond;
    this.#tokens = Math.min(burst, this.#tokens + grown);
    this.#filledAtMs = nowMs;
    const waitMs = Math.max(0, ((1 - this.#tokens) / perSecond) * 1000);
    if (waitMs > mostMs) return undefined;
    this.#tokens -= 1;
    return waitMs;
  }
}
