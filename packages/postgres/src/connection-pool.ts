import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { Addresses } from './addresses.ts';
import type { Connection, SessionSettings } from './connection.ts';
import { classify, DatabaseUnavailable, DeadlineExceeded } from './errors.ts';
import { WritableClient } from './writable-client.ts';

/** Limits of a pool; durations in milliseconds. */
export type PoolLimits = {
  readonly maxConnections: number;
  readonly maxWaiting: number;
  readonly acquireTimeoutMs: number;
};

const ignore = (): void => {};
const firstPauseMs = 50;
const longestPauseMs = 500;

/**
 * Connections to whichever of the servers takes writes. While none does, callers wait for one that looks, until their time is
 * up: a failover that is quick goes unnoticed. Connections that a failover left behind are never handed out.
 */
export class ConnectionPool {
  readonly #pool: pg.Pool;
  readonly #limits: PoolLimits;
  readonly #addresses: Addresses;
  readonly #madeIn = new WeakMap<object, number>();
  #generation = 0;
  #waiting = 0;
  #search: Promise<void> | undefined;
  readonly #closing = new AbortController();

  constructor(connection: Connection, settings: SessionSettings, limits: PoolLimits) {
    const addresses = new Addresses(connection);
    const madeIn = this.#madeIn;
    const generation = (): number => this.#generation;
    class Client extends WritableClient {
      constructor() {
        super(addresses, settings, { pipeline: true });
        madeIn.set(this, generation());
      }
    }
    this.#limits = limits;
    this.#addresses = addresses;
    this.#pool = new pg.Pool({
      Client,
      max: limits.maxConnections,
      connectionTimeoutMillis: limits.acquireTimeoutMs,
      idleTimeoutMillis: 60_000,
    });
    // A connection lost while idle is replaced by the next acquire; one lost in use fails its own statements.
    this.#pool.on('error', ignore);
    this.#pool.on('connect', (client) => client.on('error', ignore));
  }

  /** Connections open, free and awaited at this moment. */
  get state(): { readonly open: number; readonly idle: number; readonly waiting: number } {
    return { open: this.#pool.totalCount, idle: this.#pool.idleCount, waiting: this.#waiting };
  }

  /** A connection of the caller's own until `release`. Throws `DatabaseUnavailable`, or `DeadlineExceeded` once `signal` is aborted. */
  async acquire(signal: AbortSignal | undefined): Promise<pg.PoolClient> {
    const { maxWaiting, acquireTimeoutMs } = this.#limits;
    if (this.#waiting >= maxWaiting) {
      throw new DatabaseUnavailable('exhausted', `${this.#waiting} callers wait for a connection already`);
    }
    const deadlineMs = performance.now() + acquireTimeoutMs;
    this.#waiting += 1;
    try {
      for (;;) {
        if (signal?.aborted === true) throw new DeadlineExceeded(signal.reason);
        const client = await this.#take(deadlineMs);
        if (client !== undefined) return client;
      }
    } finally {
      this.#waiting -= 1;
    }
  }

  /** Gives a connection back: into the pool, or to its end when it is of no more use. */
  release(client: pg.PoolClient, isUsable: boolean): void {
    client.release(!isUsable || this.#isLeftBehind(client));
  }

  /** What a transaction failed with: where that says something of the other connections too, none of them is used again. */
  heed(error: unknown): void {
    const failover = error instanceof DatabaseUnavailable && (error.kind === 'read-only' || error.kind === 'silent');
    if (failover) this.#generation += 1;
  }

  end(): Promise<void> {
    this.#closing.abort();
    return this.#pool.end();
  }

  /** One try; `undefined` when another may succeed in the time that is left. */
  async #take(deadlineMs: number): Promise<pg.PoolClient | undefined> {
    if (this.#search !== undefined && this.#pool.idleCount === 0) await orUntil(this.#search, deadlineMs);
    try {
      const client = await this.#pool.connect();
      if (!this.#isLeftBehind(client)) return client;
      client.release(true);
    } catch (error) {
      const failure = classify(error);
      if (!(failure instanceof DatabaseUnavailable) || this.#pool.ending || performance.now() >= deadlineMs) throw failure;
      this.#search ??= this.#findServer().finally(() => {
        this.#search = undefined;
      });
    }
    return undefined;
  }

  #isLeftBehind(client: pg.PoolClient): boolean {
    return (this.#madeIn.get(client) ?? 0) < this.#generation || (client as unknown as WritableClient).isReadOnly;
  }

  /** Tries the servers one after the other, with a pause after each round that failed, until one is there or it took too long. */
  async #findServer(): Promise<void> {
    const deadlineMs = performance.now() + this.#limits.acquireTimeoutMs;
    let pauseMs = firstPauseMs;
    for (let tries = 1; performance.now() < deadlineMs && !this.#pool.ending; tries += 1) {
      const found = await this.#pool.connect().then(
        (client) => client,
        () => undefined,
      );
      found?.release();
      if (found !== undefined) return;
      if (tries % this.#addresses.all.length !== 0) continue;
      await delay(pauseMs, undefined, { signal: this.#closing.signal }).catch(ignore);
      pauseMs = Math.min(2 * pauseMs, longestPauseMs);
    }
  }
}

async function orUntil(work: Promise<void>, deadlineMs: number): Promise<void> {
  const done = new AbortController();
  const patience = delay(Math.max(0, deadlineMs - performance.now()), undefined, { signal: done.signal }).catch(ignore);
  await Promise.race([work, patience]);
  done.abort();
}
