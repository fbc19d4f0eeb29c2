import { existsSync } from 'node:fs';
import {
  hedged,
  metered,
  mirror,
  openDiskStore,
  openS3Store,
  retry,
  verify,
  waitingPoolCalls,
  type Leftovers,
  type Mirror,
  type PackStore,
} from '@driftbox/chunk-store';
import { ConfigError, watchQueue } from '@driftbox/service-kit';
import type { Registry } from 'prom-client';
import { createMirrorMetrics } from './mirror-metrics.ts';
import type { Pools, PoolSettings } from './pool-settings.ts';

/** What only a pool in two places can: see `mirror`. */
export type PoolMirror = Pick<Mirror, 'compare' | 'repair' | 'resync'>;

/** A pool as the service uses it. */
export type OpenPool = {
  readonly store: PackStore;
  readonly mirror: PoolMirror | undefined;
  /** Of each place that it is in. */
  readonly leftovers: readonly Leftovers[];
  /** Throws while the pool does not answer; one of two is enough. Cheap. */
  check(): Promise<unknown>;
  close(): void;
};

/** Opens the pool that is set, and its mirror. Throws `StoreError` when a bucket cannot be reached or is not there. */
export async function openPool({ pool, mirror: second }: Pools, registry: Registry): Promise<OpenPool> {
  const metrics = createMirrorMetrics(registry);
  watchQueue(registry, 'pool_calls', waitingPoolCalls);
  const opened = [await openOne(pool, registry, pool.kind === 'disk' ? 'disk' : pool.bucket)];
  if (second !== undefined) {
    // One that is made where a disk is not mounted would be no second copy.
    if (second.kind === 'disk' && !existsSync(second.folder))
      throw new ConfigError([`the folder of the mirror, ${second.folder}, is not there: make it on the other disk`]);
    opened.push(await openOne(second, registry, 'mirror'));
  }
  const check = (): Promise<unknown> =>
    Promise.any(opened.map((one) => one.check())).catch((failed: AggregateError) => Promise.reject(failed.errors[0] as Error));
  const close = (): void => opened.forEach((one) => one.close());
  const leftovers = opened.map((one) => one.leftovers);
  const [first, other] = opened;
  if (first === undefined) throw new Error('there is a pool');
  if (other === undefined) return { store: retry(first.store), mirror: undefined, leftovers, check, close };
  const both = mirror(first.store, other.store, { missed: () => metrics.missedWrites.inc() });
  const resync: PoolMirror['resync'] = async (options) => {
    const done = await both.resync(options);
    metrics.copiedPacks.inc(done.copied);
    metrics.lackingPacks.set(done.lacking);
    return done;
  };
  const counted = async (isRepaired: Promise<boolean>): Promise<boolean> => {
    if (await isRepaired) metrics.copiedPacks.inc();
    return isRepaired;
  };
  const repair: PoolMirror['repair'] = (id) => counted(both.repair(id));
  const compare: PoolMirror['compare'] = (id) => counted(both.compare(id));
  return { store: retry(both), mirror: { resync, repair, compare }, leftovers, check, close };
}

type OpenPlace = Pick<OpenPool, 'store' | 'check' | 'close'> & { readonly leftovers: Leftovers };

/** Verifies whole reads, so that damage is seen where it is. */
async function openOne(settings: PoolSettings, registry: Registry, pool: string): Promise<OpenPlace> {
  if (settings.kind === 'disk') {
    const disk = await openDiskStore(settings.folder);
    return { store: metered(verify(disk), { registry, pool }), leftovers: disk, check: async () => {}, close: () => {} };
  }
  const s3 = await openS3Store(settings);
  // A slow read is asked for twice above what verifies: each answer is checked, and counted, by itself.
  return {
    store: hedged(metered(verify(s3), { registry, pool })),
    leftovers: s3,
    check: () => s3.list({ limit: 1 }),
    close: () => s3.close(),
  };
}
