import { Problem } from '@driftbox/protocol';
import { addressKey, BoundedMap } from '@driftbox/service-kit';

const windowMs = 60_000;
const mostAddresses = 50_000;

/**
 * Counts tokens that belong to no link, by address, within a minute. Only such requests are ever refused: whoever has a link is
 * served, however many guess behind the same proxy. Kept in this process's memory, as 256 bits are not guessed anyway.
 */
export class GuessThrottle {
  readonly #counts = new BoundedMap<{ count: number; readonly endsMs: number }>(mostAddresses);
  readonly #most: number;
  readonly #nowMs: () => number;

  /** `nowMs` is what minutes are measured by; default a clock that nobody can set. */
  constructor(most: number, nowMs: () => number = () => performance.now()) {
    this.#most = most;
    this.#nowMs = nowMs;
  }

  /** Counts a miss. Throws `rate_limited` from the one on that is too many. */
  miss(address: string): void {
    const nowMs = this.#nowMs();
    const key = addressKey(address);
    const known = this.#counts.get(key, nowMs) ?? { count: 0, endsMs: nowMs + windowMs };
    known.count += 1;
    this.#counts.set(key, known, known.endsMs);
    if (known.count > this.#most) {
      throw new Problem('rate_limited', 'Too many links that lead nowhere', {
        retryAfterSeconds: Math.max(1, Math.ceil((known.endsMs - nowMs) / 1000)),
      });
    }
  }
}
