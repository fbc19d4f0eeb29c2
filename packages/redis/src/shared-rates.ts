import { traced } from '@driftbox/tracing';
import { connectRedis, type Redis } from './connect-redis.ts';

/** One request of `key`, against so many requests a second on average and so many at once; both at least 1. */
export type Claim = { readonly key: string; readonly rate: { readonly perSecond: number; readonly burst: number } };

/** Where requests are counted together. */
export type SharedRatesOptions = {
  /** `redis://` or `rediss://user:password@host:port`. */
  readonly url: string;
  /** Begins every key; default `driftbox:rates:`. */
  readonly prefix?: string | undefined;
  /** How long a request waits for Redis; default 25 ms. */
  readonly patienceMs?: number | undefined;
  /** How long nobody asks after that was too long; default 1,000 ms. */
  readonly restMs?: number | undefined;
  /** Hears what went wrong: for a log. */
  readonly onError?: ((error: unknown) => void) | undefined;
  readonly nowMs?: (() => number) | undefined;
};

type Counting = Redis & { takeRates(keys: number, ...args: readonly (string | number)[]): Promise<string> };

/**
 * The generic cell rate algorithm (ITU-T I.371) over all keys at once: either each takes one step, or none does. A key holds the
 * time in milliseconds at which its burst would be whole again, and is dropped then: only who calls costs memory.
 */
const script = `
local time = redis.call('TIME')
local now = time[1] * 1000 + time[2] / 1000
local full, wait = {}, 0
for i, key in ipairs(KEYS) do
  full[i] = math.max(now, tonumber(redis.call('GET', key) or '') or now)
  wait = math.max(wait, full[i] - (ARGV[2 * i] - 1) * ARGV[2 * i - 1] - now)
end
if wait > 0.01 then return string.format('%.3f', wait) end
for i, key in ipairs(KEYS) do
  local whole = full[i] + ARGV[2 * i - 1]
  redis.call('SET', key, string.format('%.3f', whole), 'PX', math.max(1, math.ceil(whole - now)))
end
return '0'`;

/** Counts requests for all processes that use the same Redis, by its clock. */
export class SharedRates {
  readonly #redis: Counting;
  readonly #prefix: string;
  readonly #restMs: number;
  readonly #onError: (error: unknown) => void;
  readonly #nowMs: () => number;
  #restsUntilMs = 0;

  constructor({ url, prefix = 'driftbox:rates:', patienceMs = 25, restMs = 1_000, onError = () => {}, nowMs }: SharedRatesOptions) {
    const redis = connectRedis(url, onError, { commandTimeoutMs: patienceMs });
    redis.defineCommand('takeRates', { lua: script });
    this.#redis = redis as Counting;
    this.#prefix = prefix;
    this.#restMs = restMs;
    this.#onError = onError;
    this.#nowMs = nowMs ?? (() => performance.now());
  }

  /**
   * Counts one request against each of the claims. Answers 0, or the milliseconds until it would be taken; then it was counted
   * nowhere. `undefined` where Redis does not say so in time. Never throws.
   */
  async take(claims: readonly Claim[]): Promise<number | undefined> {
    if (this.#redis.status !== 'ready' || this.#nowMs() < this.#restsUntilMs) return undefined;
    const keys = claims.map(({ key }) => this.#prefix + key);
    const rates = claims.flatMap(({ rate }) => [1000 / rate.perSecond, rate.burst]);
    try {
      const attributes = { 'db.system.name': 'redis', 'db.query.summary': 'takeRates' };
      const take = (): Promise<string> => this.#redis.takeRates(keys.length, ...keys, ...rates);
      return Number(await traced({ name: 'takeRates', kind: 'client', attributes }, take));
    } catch (error) {
      this.#restsUntilMs = this.#nowMs() + this.#restMs;
      this.#onError(error);
      return undefined;
    }
  }

  /** Ends the connection. */
  close(): void {
    this.#redis.disconnect();
  }
}
