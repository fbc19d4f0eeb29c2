import type { Client } from '@driftbox/api-client';
import type { KeyManager, PackStore } from '@driftbox/chunk-store';
import type { TenantId } from '@driftbox/domain';
import type { Database } from '@driftbox/postgres';
import { checkParts, createService, type Authenticator, type Logger, type Service, type ServiceOptions } from '@driftbox/service-kit';
import type { Registry } from 'prom-client';
import { ByteBudget } from './byte-budget.ts';
import type { Context } from './context.ts';
import { ExpiryJob } from './expiry-job.ts';
import { LikeTiming } from './like-timing.ts';
import { createMetadata } from './metadata.ts';
import { createMetrics } from './metrics.ts';
import { PackPool } from './pack-pool.ts';
import { PinReleaser } from './pin-releaser.ts';
import { mostFileBytes } from './receive-file.ts';
import { appendToUploadRoute } from './routes/append-to-upload.ts';
import { askMissing } from './routes/ask-missing.ts';
import { closeUploadRoute } from './routes/close-upload.ts';
import { createContentUrl } from './routes/create-content-url.ts';
import { createUploadRoute } from './routes/create-upload.ts';
import { deleteTenantRoute } from './routes/delete-tenant.ts';
import { describeUploadsRoute } from './routes/describe-uploads.ts';
import { fetchChunksRoute } from './routes/fetch-chunks.ts';
import { getContent } from './routes/get-content.ts';
import { getSignedContent } from './routes/get-signed-content.ts';
import { getTenantRoute } from './routes/get-tenant.ts';
import { getUploadRoute } from './routes/get-upload.ts';
import { postCommit } from './routes/post-commit.ts';
import { putChunks } from './routes/put-chunks.ts';
import { putFileRoute } from './routes/put-file.ts';
import { putLinkedFileRoute } from './routes/put-linked-file.ts';
import { putTenantRoute } from './routes/put-tenant.ts';
import { readLinkedContent } from './routes/read-linked-content.ts';
import { TenantKeys } from './tenant-keys.ts';

/** What the upload service is made of. Durations and sizes have defaults; see config.ts for what they mean. */
export type UploadOptions = {
  readonly database: Database;
  readonly packStore: PackStore;
  readonly keyManager: KeyManager;
  /** Reaches the metadata service; tokens are put on each call. */
  readonly metadata: Client;
  /** The cell's service key, at least 32 bytes. */
  readonly serviceKey: string;
  /** At least 32 bytes; every replica must have the same. */
  readonly contentUrlSecret: Uint8Array;
  readonly authenticator: Authenticator;
  readonly log: Logger;
  readonly registry: Registry;
  readonly tenantOfHost?: ServiceOptions['tenantOfHost'];
  readonly limits?: ServiceOptions['limits'];
  readonly rateLimit?: ServiceOptions['rateLimit'];
  readonly ready?: (() => Promise<void>) | undefined;
  readonly checkAnswers?: boolean;
  readonly nowMs?: () => number;
  /** Memory for bodies on their way in, for reads on their way out, and for packs being written. */
  readonly receiveBytes?: number;
  readonly sendBytes?: number;
  readonly packBytes?: number;
  readonly uploadTtlSeconds?: number;
  readonly commitWithinMs?: number;
  readonly recheckMs?: number;
  readonly expireEveryMs?: number;
};

export type Upload = {
  readonly service: Service;
  /** Starts the background job. */
  start(): void;
  /** Drains requests, then what is being written. */
  stop(): Promise<void>;
  /** One pass of the expiry job for a tenant; answers how many uploads and pins it ended. */
  expire(tenantId: TenantId): Promise<number>;
};

/** The composition root: everything this service consists of is made here and nowhere else. */
export function createUpload(options: UploadOptions): Upload {
  const { database, log, registry, nowMs = Date.now } = options;
  const context = contextOf(options, nowMs);
  const service = createService({
    name: 'upload',
    bindings: bindingsOf(context),
    authenticator: options.authenticator,
    log,
    registry,
    tenantOfHost: options.tenantOfHost,
    limits: options.limits,
    rateLimit: options.rateLimit,
    ...(options.checkAnswers === undefined ? {} : { checkAnswers: options.checkAnswers }),
    ready: options.ready ?? checkParts({ database: () => database.query('SELECT 1') }),
  });
  const job = new ExpiryJob(context, log, options.expireEveryMs ?? 60_000);
  return {
    service,
    start: () => job.start(),
    expire: (tenantId) => job.run(tenantId),
    stop: async () => {
      await job.stop();
      await service.stop();
      await context.pins.flush();
      await context.pool.close();
    },
  };
}

function contextOf(options: UploadOptions, nowMs: () => number): Context {
  const { database, packStore, keyManager, metadata, serviceKey, contentUrlSecret } = options;
  const keys = new TenantKeys(database, keyManager, nowMs);
  // A single body must always fit, or it would wait for ever.
  const receiving = new ByteBudget(Math.max(options.receiveBytes ?? 24 << 20, mostFileBytes));
  const sending = new ByteBudget(options.sendBytes ?? 64 << 20);
  const counted = { receiveFreeBytes: () => receiving.freeBytes, sendFreeBytes: () => sending.freeBytes };
  return {
    database,
    keys,
    contentUrlSecret,
    nowMs,
    metadata: createMetadata(metadata, serviceKey),
    pool: new PackPool(database, packStore, keys, { maxBufferedBytes: options.packBytes ?? 12 << 20 }),
    receiving,
    sending,
    metrics: createMetrics(options.registry, counted),
    timing: new LikeTiming(),
    pins: new PinReleaser(database),
    settings: {
      uploadTtlSeconds: options.uploadTtlSeconds ?? 24 * 3600,
      commitWithinMs: options.commitWithinMs ?? 30_000,
      recheckMs: options.recheckMs ?? 60_000,
    },
  };
}

function bindingsOf(context: Context) {
  return [
    askMissing,
    putChunks,
    fetchChunksRoute,
    closeUploadRoute,
    describeUploadsRoute,
    createUploadRoute,
    getUploadRoute,
    appendToUploadRoute,
    postCommit,
    getContent,
    createContentUrl,
    getSignedContent,
    putFileRoute,
    readLinkedContent,
    putLinkedFileRoute,
    putTenantRoute,
    getTenantRoute,
    deleteTenantRoute,
  ].map((bind) => bind(context));
}
