import type { Client } from '@driftbox/api-client';
import type { TenantId } from '@driftbox/domain';
import type { EventBus, HintBus } from '@driftbox/event-bus';
import { publishOutbox, readBacklog, type Database, type OutboxRelay } from '@driftbox/postgres';
import {
  checkParts,
  countLookups,
  createDatabaseMetrics,
  createService,
  watchOutbox,
  watchQueue,
  type Service,
  type ServiceSurroundings,
  type Repeated,
} from '@driftbox/service-kit';
import { AccessReader } from './access-reader.ts';
import type { AnswerStore } from './answer-store.ts';
import { accountsTopic, copyUser } from './copy-users.ts';
import { HotAnswers } from './hot-answers.ts';
import { createMetrics } from './metrics.ts';
import { bindRoutes } from './routes/bind-routes.ts';
import { startSweeper, sweepOne } from './sweep.ts';
import { createUsageMetrics } from './usage-metrics.ts';

/** What metadata is made of. The caller owns and closes the databases and the bus. */
export type MetadataOptions = ServiceSurroundings & {
  /** As the service role, schema `metadata`. */
  readonly database: Database;
  /** As its relay role; without one nothing is published and `start` reads no outbox. */
  readonly relayDatabase?: Database | undefined;
  readonly bus?: EventBus | undefined;
  /** Told of every commit at once; without one whoever follows a drive learns of it by its event. */
  readonly hints?: HintBus | undefined;
  /** Keeps what many ask; without one each answer is made anew. */
  readonly answers?: AnswerStore | undefined;
  /** Auth's routes; each call carries a service token. */
  readonly auth: Client;
  /** The cell's service key, at least 32 bytes. */
  readonly serviceKey: string;
  /** How often retention looks; default ten minutes. */
  readonly sweepEveryMs?: number | undefined;
};

/** A metadata service: `start` begins the background work, `stop` ends it and drains the requests. */
export type Metadata = {
  readonly service: Service;
  start(): Promise<void>;
  stop(): Promise<void>;
  /** One pass of retention over a tenant. */
  sweep(tenantId: TenantId): Promise<void>;
};

/** The only place where metadata is put together. */
export async function createMetadata(options: MetadataOptions): Promise<Metadata> {
  const { database, relayDatabase, bus, log, registry } = options;
  const metrics = createMetrics(registry);
  if (relayDatabase !== undefined) watchOutbox(registry, 'metadata', () => readBacklog(relayDatabase));
  const access = new AccessReader(database);
  watchQueue(registry, 'access_questions', () => access.waiting);
  createUsageMetrics(registry, database);
  createDatabaseMetrics(registry, 'metadata', () => database.poolState());
  const service = createService({
    ...options,
    name: 'metadata',
    bindings: bindRoutes({
      database,
      access,
      hot: new HotAnswers({ store: options.answers, access, count: countLookups(registry, 'answers') }),
      metrics,
      auth: options.auth,
      serviceKey: options.serviceKey,
      onCommitted: (tenantId, head) => options.hints?.publish({ tenantId, ...head, sentAtMs: Date.now() }),
    }),
    ready: checkParts({ database: () => database.query('SELECT 1') }),
  });
  let relay: OutboxRelay | undefined;
  let sweeper: Repeated | undefined;
  let subscription: { stop(): Promise<void> } | undefined;

  return {
    service,
    sweep: (tenantId) => sweepOne({ database, metrics }, new Map(), tenantId),
    async start() {
      subscription = await bus?.subscribe({ group: 'metadata', topics: [accountsTopic], handler: (event) => copyUser(database, event) });
      relay = publishOutbox('metadata', options);
      sweeper = startSweeper({ database, log, metrics, everyMs: options.sweepEveryMs ?? 600_000 });
    },
    async stop() {
      await sweeper?.stop();
      await subscription?.stop();
      await service.stop();
      await relay?.stop();
    },
  };
}
