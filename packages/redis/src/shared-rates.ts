import type { Redis } from './connect-redis.ts';
import { PatientRedis, type PatientOptions } from './patient-redis.ts';

/** One request of `key`, against so many requests a second on average and so many at once; both at least 1. */
export type Claim = { readonly key: string; readonly rate: { readonly perSecond: number; readonly burst: number } };

/** Where requests are counted together. */
export type SharedRatesOptions = PatientOptions & {
  /** Begins every key. */
  readonly prefix: string;
};

type Counting = Redis & { takeRates(keys: number, ...args: readonly (string | number)[]): Promise<string> };

/**
 * The generic cell rate algorithm (ITU-T I.371) over all keys at once: either each takes one step, or none does. A key holds the
 * time in milliseconds at which its burst would be whole again, and is dropped then: only who calls costs memory. No burst can be used up
 * more than wholly: a later time is one of a clock that has been set back since.
 */
const script = `
local time = redis.call('TIME')
local now = time[1] * 1000 + time[2] / 1000
local full, wait = {}, 0
for i, key in ipairs(KEYS) do
  full[i] = math.min(math.max(now, tonumber(redis.call('GET', key) or '') or now), now + ARGV[2 * i - 1] * ARGV[2 * i])
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
  readonly #patient: PatientRedis;
  readonly #redis: Counting;
  readonly #prefix: string;

  constructor({ prefix, ...options }: SharedRatesOptions) {
    this.#patient = new PatientRedis(options);
    const { redis } = this.#patient;
    redis.defineCommand('takeRates', { lua: script });
    this.#redis = redis as Counting;
    this.#prefix = prefix;
  }

  /**
   * Counts one request against each of the claims. Answers 0, or the milliseconds until it would be taken; then it was counted
   * nowhere. `undefined` where Redis does not say so in time. Never throws.
   */
  async take(claims: readonly Claim[]): Promise<number | undefined> {
    const keys = claims.map(({ key }) => this.#prefix + key);
    const rates = claims.flatMap(({ rate }) => [1000 / rate.perSecond, rate.burst]);
    const answer = await this.#patient.ask('takeRates', () => this.#redis.takeRates(keys.length, ...keys, ...rates));
    return answer === undefined ? undefined : Number(answer);
  }

  /** Ends the connection. */
  close(): void {
    this.#patient.close();
  }
}
