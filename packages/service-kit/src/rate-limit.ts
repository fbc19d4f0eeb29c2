import { Problem } from '@driftbox/protocol';
import { RateLimiterMemory } from 'rate-limiter-flexible';

/** So many requests in so many seconds. */
export type Rate = { readonly requests: number; readonly seconds: number };

/** Limits of one process; left out means unlimited. */
export type RateLimitOptions = {
  /** For signed-in users, each. */
  readonly perUser?: Rate | undefined;
  /** For open routes, by client address (IPv6 by /64). */
  readonly perAddress?: Rate | undefined;
};

/** Counts a request; throws `rate_limited` with the time until the next window when there were too many. */
export type RateLimit = (key: string) => Promise<void>;

/** What counts as one address: an IPv4 address, or an IPv6 network of 64 bits. */
export function addressKey(address: string): string {
  const plain = address.startsWith('::ffff:') ? address.slice(7) : address;
  if (!plain.includes(':')) return plain;
  const [head = '', tail] = plain.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros: string[] = Array.from({ length: Math.max(0, 8 - left.length - right.length) }, () => '0');
  return `${[...left, ...(tail === undefined ? [] : zeros), ...right].slice(0, 4).join(':')}::/64`;
}

/** A limit kept in this process's memory: with n replicas a caller may do n times as much. */
export function createRateLimit(rate: Rate | undefined): RateLimit | undefined {
  if (rate === undefined) return undefined;
  const limiter = new RateLimiterMemory({ points: rate.requests, duration: rate.seconds });
  return async (key) => {
    try {
      await limiter.consume(key);
    } catch (refusal) {
      const { msBeforeNext } = refusal as { msBeforeNext?: number };
      if (msBeforeNext === undefined) throw refusal;
      throw new Problem('rate_limited', undefined, {
        // It subtracts times of day: over a clock that was set back it would say hours, though the window itself ends in time.
        retryAfterSeconds: Math.min(rate.seconds, Math.max(1, Math.ceil(msBeforeNext / 1000))),
      });
    }
  };
}
