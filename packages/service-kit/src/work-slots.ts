import { Problem } from '@driftbox/protocol';

/** Lets `running` pieces of work run at once and `waiting` more wait; beyond that throws `unavailable`. */
export class WorkSlots {
  readonly #waiters: (() => void)[] = [];
  readonly #mostWaiting: number;
  #free: number;

  constructor(running: number, waiting: number) {
    this.#free = running;
    this.#mostWaiting = waiting;
  }

  /** How many wait. */
  get waiting(): number {
    return this.#waiters.length;
  }

  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free -= 1;
    else await this.#wait();
    try {
      return await work();
    } finally {
      const next = this.#waiters.shift();
      if (next === undefined) this.#free += 1;
      else next();
    }
  }

  #wait(): Promise<void> {
    if (this.#waiters.length >= this.#mostWaiting)
      throw new Problem('unavailable', 'Too many passwords are being checked at once', { retryAfterSeconds: 2 });
    return new Promise((resolve) => this.#waiters.push(resolve));
  }
}
