import { PatientRedis, type PatientOptions } from './patient-redis.ts';

/** Where values are kept together. */
export type SharedValuesOptions = PatientOptions & {
  /** Begins every key. */
  readonly prefix: string;
  /** How long a value stays that nobody drops before. */
  readonly lifeMs: number;
};

/**
 * Values that any process which uses the same Redis may have made and all may read, for what can be made again: any of them may be
 * gone at any moment. Redis bounds their memory (`maxmemory-policy allkeys-lru`).
 */
export class SharedValues {
  readonly #patient: PatientRedis;
  readonly #prefix: string;
  readonly #lifeMs: number;

  constructor({ prefix, lifeMs, ...options }: SharedValuesOptions) {
    this.#patient = new PatientRedis(options);
    this.#prefix = prefix;
    this.#lifeMs = lifeMs;
  }

  /** The value of a key, or `undefined` where none is known in time. Never throws. */
  async get(key: string): Promise<Uint8Array | undefined> {
    return (await this.#patient.ask('GET', () => this.#patient.redis.getBuffer(this.#prefix + key))) ?? undefined;
  }

  /** Keeps a value, soon and perhaps. */
  put(key: string, value: Uint8Array): void {
    void this.#patient.ask('SET', () => this.#patient.redis.set(this.#prefix + key, Buffer.from(value), 'PX', this.#lifeMs));
  }

  /** Ends the connection. */
  close(): void {
    this.#patient.close();
  }
}
