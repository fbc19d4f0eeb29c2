import type { Client } from '@driftbox/api-client';
import type { TenantId } from '@driftbox/domain';
import type { EventBus, Subscription } from '@driftbox/event-bus';
import { MailQueue, type Mailer } from '@driftbox/mail';
import { publishOutbox, readBacklog, type Database, type OutboxRelay } from '@driftbox/postgres';
import {
  checkParts,
  createDatabaseMetrics,
  createService,
  defaultCost,
  watchOutbox,
  watchQueue,
  type PasswordCost,
  type Service,
  type ServiceSurroundings,
} from '@driftbox/service-kit';
import { accountsTopic, hearAccount } from './hear-account.ts';
import { GuessThrottle } from './guess-throttle.ts';
import { createMetrics } from './metrics.ts';
import { bindRoutes } from './routes/bind-routes.ts';

/** What share is made of. The caller owns and closes the databases and the bus. */
export type ShareOptions = ServiceSurroundings & {
  /** As the service role, schema `share`. */
  readonly database: Database;
  /** As its relay role; without one, or without a bus, nothing is published. */
  readonly relayDatabase?: Database | undefined;
  readonly bus?: EventBus | undefined;
  /** Auth's, metadata's and upload's routes; each call carries a service token. */
  readonly auth: Client;
  readonly metadata: Client;
  readonly upload: Client;
  /** The cell's service key, at least 32 bytes. */
  readonly serviceKey: string;
  /** At least 32 bytes; every replica must have the same. */
  readonly linkSecret: Uint8Array;
  /** Where invitations are mailed; closed when this stops. */
  readonly mailer: Mailer;
  readonly publicUrl?: ((tenantId: TenantId) => string | undefined) | undefined;
  /** Default 60: tokens of no link that one address may try in a minute. */
  readonly guessesPerMinute?: number | undefined;
  readonly passwordCost?: PasswordCost | undefined;
  /** How often what is being read or sent looks whether its link still lasts; default 5,000. */
  readonly recheckMs?: number | undefined;
  readonly nowMs?: (() => number) | undefined;
};

/** A share service: `start` begins to hear and to publish, `stop` drains the requests and ends it. */
export type Share = { readonly service: Service; start(): Promise<void>; stop(): Promise<void> };

/** The only place where share is put together. */
export function createShare(options: ShareOptions): Share {
  const { database, relayDatabase, bus, log, registry, nowMs = Date.now } = options;
  if (relayDatabase !== undefined) watchOutbox(registry, 'share', () => readBacklog(relayDatabase));
  const mails = new MailQueue(options.mailer, log);
  watchQueue(registry, 'mails', () => mails.backlog());
  createDatabaseMetrics(registry, 'share', () => database.poolState());
  const service = createService({
    ...options,
    name: 'share',
    bindings: bindRoutes({
      database,
      auth: options.auth,
      metadata: options.metadata,
      upload: options.upload,
      serviceKey: options.serviceKey,
      linkSecret: options.linkSecret,
      passwordCost: options.passwordCost ?? defaultCost,
      guesses: new GuessThrottle(options.guessesPerMinute ?? 60),
      metrics: createMetrics(registry),
      recheckMs: options.recheckMs ?? 5_000,
      mails,
      publicUrl: options.publicUrl,
      nowMs,
    }),
    ready: checkParts({ database: () => database.query('SELECT 1') }),
  });
  let relay: OutboxRelay | undefined;
  let subscription: Subscription | undefined;

  return {
    service,
    async start() {
      subscription = await bus?.subscribe({
        group: 'share',
        topics: [accountsTopic],
        handler: (event) => hearAccount(database, event, nowMs()),
      });
      relay = publishOutbox('share', options);
    },
    async stop() {
      await subscription?.stop();
      await service.stop();
      await relay?.stop();
      await mails.close();
    },
  };
}
