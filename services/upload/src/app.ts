import type { Client } from '@driftbox/api-client';
import type { KeyManager, Leftovers, PackStore } from '@driftbox/chunk-store';
import { processSlots } from '@driftbox/chunking';
import type { TenantId } from '@driftbox/domain';
import type { Database } from '@driftbox/postgres';
import {
  checkParts,
  countLookups,
  createDatabaseMetrics,
  createService,
  watchQueue,
  type Service,
  type ServiceSurroundings,
} from '@driftbox/service-kit';
import { ByteBudget } from './byte-budget.ts';
import { collectionTask } from './collect/collection-task.ts';
import type { Collected } from './collect/collect-tenant.ts';
import { Pace } from './collect/pace.ts';
import { overTenants, UpkeepJob } from './collect/upkeep-job.ts';
import type { Context } from './context.ts';
import { ExpiryJob } from './expiry-job.ts';
import { LikeTiming } from './like-timing.ts';
import { createMetadata } from './metadata.ts';
import { createMetrics } from './metrics.ts';
import type { PoolMirror } from './open-pool.ts';
import { PackPool } from './pack-pool.ts';
import { PinReleaser } from './pin-releaser.ts';
import { mostFileBytes } from './receive-file.ts';
import { bindRoutes } from './routes/bind-routes.ts';
import { recountTask } from './scrub/recount-task.ts';
import { scrubTask } from './scrub/scrub-task.ts';
import { strayTask } from './strays/stray-task.ts';
import { TenantKeys } from './keys/tenant-keys.ts';
import { createUpkeepMetrics } from './upkeep-metrics.ts';
import { createUsageMetrics } from './usage-metrics.ts';

/** What the upload service is made of. Durations and sizes have defaults; see config.ts for what they mean. */
export type UploadOptions = ServiceSurroundings & {
  readonly database: Database;
  readonly packStore: PackStore;
  /** Of a pool in two places: makes one copy good from the other. `packStore` reads and writes both. */
  readonly mirror?: PoolMirror | undefined;
  /** What may lie beside packs, in each place that the pool is in. */
  readonly leftovers?: readonly Leftovers[] | undefined;
  readonly keyManager: KeyManager;
  /** Reaches the metadata service; tokens are put on each call. */
  readonly metadata: Client;
  /** The cell's service key, at least 32 bytes. */
  readonly serviceKey: string;
  /** At least 32 bytes; every replica must have the same. */
  readonly contentUrlSecret: Uint8Array;
  readonly ready?: (() => Promise<void>) | undefined;
  readonly nowMs?: () => number;
  /** Memory for bodies on their way in, for reads on their way out, and for packs being written. */
  readonly receiveBytes?: number;
  readonly sendBytes?: number;
  readonly packBytes?: number;
  readonly uploadTtlSeconds?: number;
  readonly commitWithinMs?: number;
  readonly recheckMs?: number;
  readonly expireEveryMs?: number;
  readonly upkeep?: Partial<UpkeepSettings>;
};

/** Background work on what the pool holds; see config.ts. */
export type UpkeepSettings = {
  readonly collectEveryMs: number;
  readonly graceMs: number;
  /** How long a dead pack stays, for whoever is reading it, and for rows that come back with a recovery of the database. */
  readonly readMs: number;
  readonly bytesPerSecond: number;
  /** Every pack is read and verified within this time. */
  readonly scrubWithinMs: number;
};

/** An upload service. What is said to be one pass is what its background work does all the time. */
export type Upload = {
  readonly service: Service;
  /** Starts the background job. */
  start(): void;
  /** Drains requests, then what is being written. */
  stop(): Promise<void>;
  /** One pass of the expiry job for a tenant; answers how many uploads and pins it ended. */
  expire(tenantId: TenantId): Promise<number>;
  /** One pass of collection over a tenant. */
  collect(tenantId: TenantId): Promise<Collected>;
  /** Verifies the packs of a tenant that are due. */
  scrub(tenantId: TenantId): Promise<void>;
  /** One pass over the pool for what belongs to nothing. */
  clear(): Promise<void>;
};

const dayMs = 86_400_000;
const resyncEveryMs = 3_600_000;
/** Names of the pool that are listed and looked up in a second. */
const objectsPerSecond = 5_000;
const upkeepDefaults: UpkeepSettings = {
  collectEveryMs: 3_600_000,
  graceMs: dayMs,
  readMs: 600_000,
  bytesPerSecond: 16 << 20,
  scrubWithinMs: 30 * dayMs,
};

/** The composition root: everything this service consists of is made here and nowhere else. */
export function createUpload(options: UploadOptions): Upload {
  const { database, log, registry, nowMs = Date.now } = options;
  const context = contextOf(options, nowMs);
  createUsageMetrics(registry, database);
  createDatabaseMetrics(registry, 'upload', () => database.poolState());
  const service = createService({
    ...options,
    name: 'upload',
    bindings: bindRoutes(context),
    ready: options.ready ?? checkParts({ database: () => database.query('SELECT 1') }),
  });
  const job = new ExpiryJob(context, log, options.expireEveryMs ?? 60_000);
  const { collectEveryMs, graceMs, readMs, bytesPerSecond, scrubWithinMs } = { ...upkeepDefaults, ...options.upkeep };
  const pace = new Pace(bytesPerSecond);
  const collect = collectionTask(context, { graceMs, readMs, pace });
  const scrub = scrubTask(context, { withinMs: scrubWithinMs, pace });
  // After a recovery of the database, what was written since then has no row; and a later moment may still be chosen.
  const clear = strayTask(context, { graceMs: Math.max(graceMs, readMs), rows: new Pace(objectsPerSecond), bytes: pace });
  const tenants = (name: keyof Context['upkeepMetrics']['rounds'], everyMs: number, run: Parameters<typeof overTenants>[3]): UpkeepJob =>
    new UpkeepJob(context, log, { name, everyMs, round: overTenants(context, log, name, run) });
  const resync = (signal: AbortSignal): Promise<unknown> =>
    options.mirror?.resync({ signal, pause: (bytes) => pace.spend(bytes, signal) }) ?? Promise.resolve();
  const jobs = [
    job,
    tenants('collection', collectEveryMs, collect),
    tenants('scrub', Math.min(3_600_000, scrubWithinMs / 4), scrub),
    tenants('recount', dayMs, recountTask(context)),
    new UpkeepJob(context, log, { name: 'strays', everyMs: Math.min(dayMs, graceMs), round: clear }),
    ...(options.mirror === undefined ? [] : [new UpkeepJob(context, log, { name: 'mirror', everyMs: resyncEveryMs, round: resync })]),
  ];
  return {
    service,
    start: () => jobs.forEach((one) => one.start()),
    expire: (tenantId) => job.run(tenantId),
    collect: (tenantId) => collect(tenantId, new AbortController().signal),
    scrub: (tenantId) => scrub(tenantId, new AbortController().signal),
    clear: () => clear(new AbortController().signal),
    stop: async () => {
      await Promise.all(jobs.map((one) => one.stop()));
      await service.stop();
      await context.pins.flush();
      await context.pool.close();
    },
  };
}

function contextOf(options: UploadOptions, nowMs: () => number): Context {
  const { database, packStore, keyManager, metadata, serviceKey, contentUrlSecret, registry, mirror } = options;
  const keys = new TenantKeys(database, keyManager, undefined, countLookups(registry, 'data_keys'));
  // A single body must always fit, or it would wait for ever.
  const receiving = new ByteBudget(Math.max(options.receiveBytes ?? 24 << 20, mostFileBytes));
  const sending = new ByteBudget(options.sendBytes ?? 64 << 20);
  const counted = { receiveFreeBytes: () => receiving.freeBytes, sendFreeBytes: () => sending.freeBytes };
  const pool = new PackPool(database, packStore, keys, {
    maxBufferedBytes: options.packBytes ?? 12 << 20,
    mirror,
    count: countLookups(registry, 'pack_sizes'),
  });
  const pins = new PinReleaser(database);
  watchQueue(registry, 'receive_memory', () => receiving.waiting);
  watchQueue(registry, 'send_memory', () => sending.waiting);
  watchQueue(registry, 'pack_memory', () => pool.backlog.forMemory);
  watchQueue(registry, 'pack_writes', () => pool.backlog.toWrite);
  watchQueue(registry, 'pins_to_release', () => pins.waiting);
  watchQueue(registry, 'delta_decoding', () => processSlots.waiting);
  return {
    database,
    keys,
    keyManager,
    contentUrlSecret,
    nowMs,
    metadata: createMetadata(metadata, serviceKey),
    pool,
    objects: { store: packStore, leftovers: options.leftovers ?? [] },
    receiving,
    sending,
    metrics: createMetrics(registry, counted),
    upkeepMetrics: createUpkeepMetrics(registry),
    timing: new LikeTiming(),
    pins,
    settings: {
      uploadTtlSeconds: options.uploadTtlSeconds ?? 24 * 3600,
      commitWithinMs: options.commitWithinMs ?? 30_000,
      recheckMs: options.recheckMs ?? 60_000,
    },
  };
}
