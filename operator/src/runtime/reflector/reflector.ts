import assert from 'node:assert/strict';
import type { Api, Selection } from '../api/api.ts';
import type { KubeObject, ResourceKind } from '../api/object.ts';
import type { WatchEvent } from '../api/watch-event.ts';
import type { Backoff } from '../backoff.ts';
import type { Cache } from '../cache/cache.ts';
import type { Change } from '../cache/change.ts';
import { ingest } from '../cache/ingest.ts';
import { pause, systemClock, type Clock, type Random } from '../clock.ts';
import { decideNext, type Ended, type Progress } from './decide-next.ts';
import { listAll } from './list-all.ts';
import type { ReflectorMetrics } from './reflector-metrics.ts';

/** Somebody who keeps the objects of a kind. */
export type Follower<T extends KubeObject, Name extends string> = {
  readonly cache: Cache<T, Name>;
  /** Told of each change after every cache holds it. It must only take note: what it throws ends the reflector. */
  readonly onChange: (change: Change<T>) => void;
};

/** What a reflector is made of. */
export type ReflectorOptions<T extends KubeObject, Name extends string> = Follower<T, Name> & {
  readonly api: Pick<Api, 'list' | 'watch'>;
  readonly kind: ResourceKind;
  /** Default everything of the kind. */
  readonly selection?: Selection | undefined;
  /** Told how each list or watch ended, for the log. */
  readonly onEnded?: ((ended: Ended) => void) | undefined;
  readonly metrics?: ReflectorMetrics | undefined;
  readonly clock?: Clock | undefined;
  readonly random?: Random | undefined;
  readonly timing?: Partial<ReflectorTiming> | undefined;
};

/** How patient a reflector is. */
export type ReflectorTiming = {
  readonly backoff: Backoff;
  /** The server closes each watch after a random time between the two, so that many do not come back at once. */
  readonly watchSeconds: { readonly least: number; readonly most: number };
  /** The longest silence of a watch: more than the minute between two bookmarks, less than what load balancers cut. */
  readonly idleTimeoutMs: number;
  readonly pageSize: number;
};

const defaultTiming: ReflectorTiming = {
  backoff: { firstMs: 800, mostMs: 30_000, jitter: 0.5 },
  watchSeconds: { least: 300, most: 600 },
  idleTimeoutMs: 90_000,
  pageSize: 500,
};

type AnyFollower<T extends KubeObject> = Pick<Follower<T, never>, 'onChange'> & {
  readonly cache: Pick<Cache<T>, 'replace' | 'put' | 'remove'>;
};

/** Keeps a cache equal to what the server holds of a kind: lists, watches, and begins again whatever happens, until it is stopped. */
export class Reflector<T extends KubeObject, Name extends string = never> {
  readonly #options: ReflectorOptions<T, Name>;
  readonly #timing: ReflectorTiming;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #followers: AnyFollower<T>[];
  readonly #stopping = new AbortController();
  readonly #synced = Promise.withResolvers<void>();
  #running: Promise<void> | undefined;
  #hasSynced = false;
  #death: unknown;

  constructor(options: ReflectorOptions<T, Name>) {
    this.#options = options;
    this.#followers = [options];
    this.#timing = { ...defaultTiming, ...options.timing };
    this.#clock = options.clock ?? systemClock;
    this.#random = options.random ?? Math.random;
    // Nobody need wait for it.
    this.#synced.promise.catch(() => {});
  }

  /** Fills another cache with the very same objects, whatever its owner knows of them; before `start`. */
  join<U extends KubeObject, Other extends string>(follower: Follower<U, Other>): void {
    assert(this.#running === undefined, 'who joins a reflector does so before it starts');
    this.#followers.push(follower as unknown as AnyFollower<T>);
  }

  /** Begins; may be called once. */
  start(): void {
    assert(this.#running === undefined, 'a reflector starts once');
    this.#running = this.#run().catch((error: unknown) => {
      this.#death = error;
      this.#synced.reject(error);
    });
  }

  /** Ends it; resolves when nothing of it runs any more. */
  async stop(): Promise<void> {
    this.#stopping.abort(new Error('the reflector was stopped'));
    await this.#running;
    this.#synced.reject(this.#stopping.signal.reason);
  }

  /** The kind it follows, for messages. */
  get name(): string {
    return this.#options.kind.kind;
  }

  /** True once the cache has held the whole list. */
  get hasSynced(): boolean {
    return this.#hasSynced;
  }

  /** Resolves with `hasSynced`; rejects where that will not happen any more. */
  get synced(): Promise<void> {
    return this.#synced.promise;
  }

  /** Why it runs no more though nobody stopped it; undefined while all is well. The server's absence is no reason. */
  get failure(): string | undefined {
    return this.#death === undefined ? undefined : `the reflector of ${this.name} died: ${String(this.#death)}`;
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    let progress: Progress = { position: undefined, failures: 0 };
    while (!signal.aborted) {
      const ended = await this.#step(progress.position);
      if (signal.aborted) return;
      this.#note(ended);
      const next = decideNext(progress, ended, this.#timing.backoff, this.#random);
      progress = next.progress;
      await pause(this.#clock, next.afterMs, signal);
    }
  }

  async #step(position: string | undefined): Promise<Ended> {
    try {
      return position === undefined ? await this.#list() : await this.#watch(position);
    } catch (error) {
      if (!this.#stopping.signal.aborted) throw error;
      return { kind: 'watched', end: { kind: 'aborted' }, position: position ?? '', events: 0, lastedMs: 0 };
    }
  }

  async #list(): Promise<Ended> {
    const { api, kind, selection = {}, metrics } = this.#options;
    const { pageSize } = this.#timing;
    const { signal } = this.#stopping;
    const answer = await listAll<T>({ api, kind, selection, pageSize, signal, ingest: (object) => ingest(kind, object) });
    if (answer.kind !== 'ok') return { kind: 'listRefused', refusal: answer };
    signal.throwIfAborted();
    const changes = this.#fill((cache) => cache.replace(answer.value.items));
    // The first list makes the series appear with zeros, so that a rate over them is defined from the beginning.
    metrics?.missed.inc({ kind: kind.kind }, this.#hasSynced ? changes : 0);
    metrics?.ended.inc({ kind: kind.kind, how: 'closed' }, 0);
    this.#hasSynced = true;
    this.#synced.resolve();
    return { kind: 'listed', resourceVersion: answer.value.resourceVersion };
  }

  async #watch(from: string): Promise<Ended> {
    const { api, kind, selection = {} } = this.#options;
    const { watchSeconds, idleTimeoutMs } = this.#timing;
    const { signal } = this.#stopping;
    const timeoutSeconds = Math.round(watchSeconds.least + this.#random() * (watchSeconds.most - watchSeconds.least));
    const startedMs = this.#clock.now();
    let position = from;
    let events = 0;
    const end = await api.watch<T>(kind, selection, { resourceVersion: from, timeoutSeconds, idleTimeoutMs, signal }, (event) => {
      this.#take(event);
      position = event.type === 'BOOKMARK' ? event.resourceVersion : (event.object.metadata.resourceVersion ?? position);
      events += 1;
    });
    return { kind: 'watched', end, position, events, lastedMs: this.#clock.now() - startedMs };
  }

  #take(event: WatchEvent<T>): void {
    const { kind } = this.#options;
    if (event.type === 'BOOKMARK' || this.#stopping.signal.aborted) return;
    const object = ingest(kind, event.object);
    this.#fill((cache) => (event.type === 'DELETED' ? cache.remove(object) : cache.put(object)));
  }

  /** Brings every cache to the same state, then tells of it; answers how many changes that took. */
  #fill(take: (cache: AnyFollower<T>['cache']) => Change<T>[]): number {
    const taken = this.#followers.map(({ cache, onChange }) => ({ changes: take(cache), onChange }));
    for (const { changes, onChange } of taken) changes.forEach(onChange);
    return taken[0]?.changes.length ?? 0;
  }

  #note(ended: Ended): void {
    this.#options.onEnded?.(ended);
    const kind = this.name;
    if (ended.kind === 'watched') this.#options.metrics?.ended.inc({ kind, how: ended.end.kind });
  }
}
