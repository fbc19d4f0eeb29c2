import { traced } from '@driftbox/tracing';
import { connectRedis, withoutCommand, type Redis, type RedisTrust } from './connect-redis.ts';

/** What whoever uses Redis as a help, never as a need, may set. */
export type PatientOptions = {
  /** `redis://` or `rediss://user:password@host:port`. */
  readonly url: string;
  readonly trust?: RedisTrust | undefined;
  /** How long a request waits for Redis; default 25 ms. */
  readonly patienceMs?: number | undefined;
  /** How long nobody asks after that was too long; default 1,000 ms. */
  readonly restMs?: number | undefined;
  /** Hears what went wrong: for a log. */
  readonly onError?: ((error: unknown) => void) | undefined;
  readonly nowMs?: (() => number) | undefined;
};

/** Redis for what can be done without: what it does not answer in time is not answered, and it is left alone for a while. */
export class PatientRedis {
  readonly redis: Redis;
  readonly #restMs: number;
  readonly #onError: (error: unknown) => void;
  readonly #nowMs: () => number;
  #restsUntilMs = 0;

  constructor({ url, trust, patienceMs = 25, restMs = 1_000, onError = () => {}, nowMs }: PatientOptions) {
    this.redis = connectRedis(url, onError, { commandTimeoutMs: patienceMs, trust });
    this.#restMs = restMs;
    this.#onError = onError;
    this.#nowMs = nowMs ?? (() => performance.now());
  }

  /** Redis's answer to a command, which is named for traces, or `undefined` where there is none in time. Never throws. */
  async ask<Answer>(name: string, command: () => Promise<Answer>): Promise<Answer | undefined> {
    if (this.redis.status !== 'ready' || this.#nowMs() < this.#restsUntilMs) return undefined;
    try {
      return await traced({ name, kind: 'client', attributes: { 'db.system.name': 'redis', 'db.query.summary': name } }, command);
    } catch (error) {
      this.#restsUntilMs = this.#nowMs() + this.#restMs;
      this.#onError(withoutCommand(error));
      return undefined;
    }
  }

  /** Ends the connection. */
  close(): void {
    this.redis.disconnect();
  }
}
