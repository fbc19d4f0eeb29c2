import type { Client } from '@driftbox/api-client';
import type { TenantId } from '@driftbox/domain';
import type { EventBus, Subscription } from '@driftbox/event-bus';
import type { Mailer } from '@driftbox/mail';
import { publishOutbox, readBacklog, type Database, type OutboxRelay } from '@driftbox/postgres';
import {
  checkParts,
  createDatabaseMetrics,
  createService,
  readTogether,
  watchOutbox,
  watchQueue,
  type Service,
  type ServiceSurroundings,
  type Resolve,
  repeat,
  type Repeated,
} from '@driftbox/service-kit';
import type { Context } from './context.ts';
import { hearEvent, heardTopics } from './hear-event.ts';
import { sendMails } from './mail/send-mails.ts';
import { createMetrics } from './metrics.ts';
import { bindRoutes } from './routes/bind-routes.ts';
import { readLateMails, readWaitingDeliveries } from './store/read-backlogs.ts';
import { sweep } from './sweep.ts';
import { parseNetworks, type Networks } from './webhook/check-address.ts';
import { startCourier, type Courier } from './webhook/courier.ts';
import { RateWindow } from './webhook/rate-window.ts';

/** What notification is made of. The caller owns and closes the databases and the bus. */
export type NotificationOptions = ServiceSurroundings & {
  /** As the service role, schema `notification`. */
  readonly database: Database;
  /** As its relay role; without one, or without a bus, sockets are told nothing. */
  readonly relayDatabase?: Database | undefined;
  /** Where it hears what happened; without one nobody is told anything. */
  readonly bus?: EventBus | undefined;
  /** Metadata's routes; each call carries a service token. */
  readonly metadata: Client;
  /** The cell's service key, at least 32 bytes. */
  readonly serviceKey: string;
  /** Where mails go; closed when this stops. */
  readonly mailer: Mailer;
  /** Where people reach a tenant, for the address that ends mails; without one mails say how to end them by command. */
  readonly publicUrl?: ((tenantId: TenantId) => string | undefined) | undefined;
  /** At least 32 bytes; every replica must have the same. */
  readonly webhookSecret: Uint8Array;
  /** Private networks that webhooks may reach all the same; none if not given. */
  readonly webhookNetworks?: Networks | undefined;
  /** Deliveries of one tenant that leave this process in a minute; default 600. */
  readonly webhookRate?: number | undefined;
  /** How long a receiver may take; default 10,000. */
  readonly webhookTimeoutMs?: number | undefined;
  /** Where names of receivers lead; the system's resolver if not given. */
  readonly resolve?: Resolve | undefined;
  readonly nowMs?: (() => number) | undefined;
};

/** A notification service: `start` begins to hear and to publish, `stop` ends that and drains the requests. */
export type Notification = {
  readonly service: Service;
  /** Resolves once nothing is missed any more. */
  start(): Promise<void>;
  /** Deletes what is too old, bounded; answers how many rows. */
  sweep(): Promise<number>;
  /** Mails what is due now. */
  sendMails(): Promise<void>;
  stop(): Promise<void>;
};

const sweepEveryMs = 600_000;
const mailEveryMs = 5_000;

function contextOf(options: NotificationOptions, wake: () => void): Context {
  const { database, metadata, serviceKey, mailer, publicUrl, log, webhookSecret, registry, resolve } = options;
  return {
    database,
    metadata,
    serviceKey,
    mailer,
    publicUrl,
    log,
    webhookSecret,
    sending: { networks: options.webhookNetworks ?? parseNetworks(''), resolve, timeoutMs: options.webhookTimeoutMs ?? 10_000 },
    rates: new RateWindow(options.webhookRate ?? 600),
    wake,
    metrics: createMetrics(registry),
    nowMs: options.nowMs ?? Date.now,
    random: Math.random,
  };
}

function watchQueues({ database, registry, nowMs = Date.now }: NotificationOptions): void {
  watchQueue(registry, 'notification_mails', () => readLateMails(database, nowMs()));
  const deliveries = readTogether(() => readWaitingDeliveries(database, nowMs()));
  watchQueue(registry, 'webhook_deliveries', async () => (await deliveries()).working);
  watchQueue(registry, 'webhook_deliveries_failing', async () => (await deliveries()).failing);
}

/** The only place where notification is put together. */
export function createNotification(options: NotificationOptions): Notification {
  const { database, relayDatabase, bus, log, registry, nowMs = Date.now } = options;
  let courier: Courier | undefined;
  const context = contextOf(options, () => courier?.look());
  if (relayDatabase !== undefined) watchOutbox(registry, 'notification', () => readBacklog(relayDatabase));
  watchQueues(options);
  createDatabaseMetrics(registry, 'notification', () => database.poolState());
  const service = createService({
    ...options,
    name: 'notification',
    bindings: bindRoutes(context),
    ready: checkParts({ database: () => database.query('SELECT 1') }),
  });
  let subscription: Subscription | undefined;
  let relay: OutboxRelay | undefined;
  let sweeper: Repeated | undefined;
  let postman: Repeated | undefined;

  return {
    service,
    sweep: () => sweep(database, nowMs(), new AbortController().signal),
    sendMails: () => sendMails(context, new AbortController().signal),
    async start() {
      const onError = (error: unknown): void => log.warn({ err: error }, 'old notifications stay for now');
      courier = startCourier(context, (error) => log.warn({ err: error }, 'delivering failed'));
      sweeper = repeat(sweepEveryMs, (signal) => sweep(database, nowMs(), signal), onError);
      const mailing = (signal: AbortSignal): Promise<void> => sendMails(context, signal);
      postman = repeat(mailEveryMs, mailing, (error) => log.warn({ err: error }, 'mails wait'));
      if (bus === undefined) return;
      subscription = await bus.subscribe({ group: 'notification', topics: heardTopics, handler: (event) => hearEvent(context, event) });
      relay = publishOutbox('notification', options);
    },
    async stop() {
      await subscription?.stop();
      await sweeper?.stop();
      await Promise.all([courier?.stop(), postman?.stop()]);
      await service.stop();
      await relay?.stop();
      await options.mailer.close();
    },
  };
}
