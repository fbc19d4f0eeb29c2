import assert from 'node:assert/strict';
import { backoffMs, type Backoff } from '../backoff.ts';
import { systemClock, type Clock, type Random } from '../clock.ts';
import { TokenBucket, type TokenRate } from '../token-bucket.ts';
import { DelayedKeys } from './delayed-keys.ts';
import type { MeasureQueue, QueueRecorder } from './queue-metrics.ts';
import { ReadyKeys, type Priority } from './ready-keys.ts';

/** What a work queue is made of. */
export type WorkQueueOptions = {
  /** Default 0.5 s to 5 min. */
  readonly backoff?: Backoff | undefined;
  /** How fast all retries together may come; default 10 per second, 100 at once. */
  readonly retryRate?: TokenRate | undefined;
  readonly measure?: MeasureQueue | undefined;
  readonly clock?: Clock | undefined;
  readonly random?: Random | undefined;
};

const defaultBackoff: Backoff = { firstMs: 500, mostMs: 5 * 60_000, jitter: 0.2 };
const defaultRetryRate: TokenRate = { perSecond: 10, burst: 100 };

/**
 * Keys to work on, with the promises of client-go's work queue: a key is never worked on twice at once; one that is added while it is
 * worked on comes again afterwards; added many times before it is taken, it is taken once; none is lost until the queue is closed.
 */
export class WorkQueue<K extends string> {
  readonly #backoff: Backoff;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #retries: TokenBucket;
  readonly #ready = new ReadyKeys<K>();
  readonly #delayed: DelayedKeys<K>;
  /** Keys in work, with the time at which that began. */
  readonly #working = new Map<K, number>();
  /** Keys in work that have been added again. */
  readonly #again = new Map<K, Priority>();
  readonly #failures = new Map<K, number>();
  readonly #takers: ((key: K | undefined) => void)[] = [];
  readonly #recorder: QueueRecorder | undefined;
  #isClosed = false;

  constructor(options: WorkQueueOptions = {}) {
    this.#backoff = options.backoff ?? defaultBackoff;
    this.#clock = options.clock ?? systemClock;
    this.#random = options.random ?? Math.random;
    this.#retries = new TokenBucket(options.retryRate ?? defaultRetryRate, this.#clock.now());
    this.#delayed = new DelayedKeys(this.#clock, (key, priority) => this.add(key, priority));
    this.#recorder = options.measure?.({
      depth: (priority) => this.#ready.countOf(priority),
      workingSinceMs: () => [...this.#working.values()],
      nowMs: () => this.#clock.now(),
    });
  }

  /** Keys that wait for a worker. */
  get depth(): number {
    return this.#ready.size;
  }

  /** For how long the key in work for the longest has been so, in milliseconds; 0 if none is. */
  get longestWorkMs(): number {
    return Math.max(0, ...[...this.#working.values()].map((sinceMs) => this.#clock.now() - sinceMs));
  }

  add(key: K, priority: Priority = 'normal'): void {
    if (this.#isClosed) return;
    if (this.#working.has(key)) {
      if (!this.#again.has(key)) this.#recorder?.added();
      if (this.#again.get(key) !== 'normal') this.#again.set(key, priority);
      return;
    }
    if (this.#ready.add(key, priority, this.#clock.now())) this.#recorder?.added();
    this.#serve();
  }

  /** Adds it later, in milliseconds; at the earliest of the times asked for. */
  addAfter(key: K, afterMs: number, priority: Priority = 'normal'): void {
    if (this.#isClosed) return;
    if (afterMs <= 0) this.add(key, priority);
    else this.#delayed.add(key, afterMs, priority);
  }

  /** Adds it later, the later the more often it has been retried since it was forgotten, and not before `leastMs`. */
  retry(key: K, leastMs = 0): void {
    const failures = (this.#failures.get(key) ?? 0) + 1;
    this.#failures.set(key, failures);
    this.#recorder?.retried();
    const ownMs = backoffMs(this.#backoff, failures, this.#random);
    this.addAfter(key, Math.max(ownMs, leastMs, this.#retries.take(this.#clock.now()) ?? 0));
  }

  /** Forgets earlier retries: it succeeded, or will not be tried again. */
  forget(key: K): void {
    this.#failures.delete(key);
  }

  /** Resolves with a key to work on, which must be handed to `done` afterwards; with `undefined` when the queue is closed. */
  take(): Promise<K | undefined> {
    if (this.#isClosed) return Promise.resolve(undefined);
    return new Promise((resolve) => {
      this.#takers.push(resolve);
      this.#serve();
    });
  }

  done(key: K): void {
    const sinceMs = this.#working.get(key);
    assert(sinceMs !== undefined, `${key} was not taken`);
    this.#working.delete(key);
    this.#recorder?.worked(this.#clock.now() - sinceMs);
    const again = this.#again.get(key);
    this.#again.delete(key);
    if (again === undefined || this.#isClosed) return;
    this.#ready.add(key, again, this.#clock.now());
    this.#serve();
  }

  /** Takes and gives no more keys; those in work are finished by their workers. */
  close(): void {
    this.#isClosed = true;
    this.#delayed.clear();
    this.#ready.clear();
    this.#again.clear();
    for (const taker of this.#takers.splice(0)) taker(undefined);
  }

  #serve(): void {
    while (this.#takers.length > 0) {
      const next = this.#ready.take();
      if (next === undefined) return;
      const nowMs = this.#clock.now();
      this.#working.set(next.key, nowMs);
      this.#recorder?.taken(nowMs - next.sinceMs);
      this.#takers.shift()?.(next.key);
    }
  }
}
