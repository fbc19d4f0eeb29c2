import type { Client } from '@driftbox/api-client';
import type { EventBus, Hint, HintBus } from '@driftbox/event-bus';
import type { Database } from '@driftbox/postgres';
import {
  checkParts,
  countLookups,
  createDatabaseMetrics,
  createService,
  watchQueue,
  type RevocationSource,
  type Service,
  type ServiceSurroundings,
} from '@driftbox/service-kit';
import type { Registry } from 'prom-client';
import { commitTimeMs, delaySeconds } from './commit-delay.ts';
import { CursorBook } from './cursor-book.ts';
import { cursorLag } from './cursor-lag.ts';
import { HeadMap } from './head-map.ts';
import { hearEvent, heardTopics } from './hear-events.ts';
import { listUserDrives } from './list-user-drives.ts';
import { Members } from './members.ts';
import { createMetrics, type SyncMetrics } from './metrics.ts';
import type { MostSockets } from './most-sockets.ts';
import { bindRoutes } from './routes/bind-routes.ts';
import { openSocketDoor, type SocketDoor } from './socket/open-socket-door.ts';
import { SocketCounts, type SocketLimits } from './socket/socket-counts.ts';
import { Teller } from './teller.ts';
import { writeCursors } from './write-cursors.ts';

/** What sync is made of. The caller owns and closes the database and the buses. */
export type SyncOptions = ServiceSurroundings & {
  /** As the service role, schema `sync`. */
  readonly database: Database;
  /** Metadata's routes; each call carries a user's own token. */
  readonly metadata: Client;
  /** Durable events; without them hints alone move the heads. */
  readonly bus?: EventBus | undefined;
  /** Default `sync`. Each process must hear every event: where there are several, each needs a group of its own. */
  readonly eventGroup?: string | undefined;
  /** Hints straight from the commit; without them events alone move the heads. */
  readonly hints?: HintBus | undefined;
  /** The one that the authenticator asks too. */
  readonly revocations: RevocationSource;
  readonly socketLimits?: Partial<SocketLimits> | undefined;
  /** How many sockets a tenant may have open in this process, by its own intent; without it the process's limits alone hold. */
  readonly mostSockets?: MostSockets | undefined;
  /** Default 30,000: a few bytes, and no proxy takes the connection for dead. */
  readonly pingEveryMs?: number | undefined;
  /** Over how long clients come back after a drain; default 5,000. */
  readonly spreadMs?: number | undefined;
  /** How long reports of cursors are gathered; default 30,000. */
  readonly writeCursorsEveryMs?: number | undefined;
  readonly nowMs?: (() => number) | undefined;
};

/** A sync service: `start` begins to hear hints and events, `stop` sends clients away and drains the requests. */
export type Sync = { readonly service: Service; start(): Promise<void>; stop(): Promise<void> };

const defaultLimits: SocketLimits = { all: 20_000, perTenant: 10_000, perUser: 64 };

type Subscription = { stop(): Promise<void> };
type Hearing = { readonly teller: Teller; readonly members: Members; readonly metrics: SyncMetrics };

/** Feeds hints and events, whichever there are, into the one map of heads. */
async function hearNews(
  { bus, hints, eventGroup = 'sync', nowMs = Date.now }: SyncOptions,
  { teller, members, metrics }: Hearing,
): Promise<readonly Subscription[]> {
  const subscriptions: Subscription[] = [];
  if (hints !== undefined) {
    const onHint = ({ tenantId, sentAtMs, ...head }: Hint): void => {
      if (sentAtMs !== undefined) metrics.hintDelay.observe(delaySeconds(sentAtMs, nowMs()));
      if (teller.tell(tenantId, head)) metrics.news.inc({ source: 'hint' });
    };
    subscriptions.push(await hints.subscribe(onHint));
  }
  if (bus !== undefined) {
    const handler = (event: unknown): Promise<void> => {
      const committedAtMs = commitTimeMs(event);
      if (committedAtMs !== undefined) metrics.eventDelay.observe(delaySeconds(committedAtMs, nowMs()));
      if (hearEvent(teller, members, event)) metrics.news.inc({ source: 'event' });
      return Promise.resolve();
    };
    subscriptions.push(await bus.subscribe({ group: eventGroup, topics: heardTopics, handler, from: 'now' }));
  }
  return subscriptions;
}

type Queues = { readonly door: SocketDoor; readonly teller: Teller; readonly book: CursorBook };

function watchQueues(registry: Registry, { door, teller, book }: Queues): void {
  watchQueue(registry, 'news_to_leave', () => door.waiting());
  watchQueue(registry, 'news_to_tell', () => teller.waiting);
  watchQueue(registry, 'cursors_to_write', () => book.waiting);
}

/** The only place where sync is put together. */
export function createSync(options: SyncOptions): Sync {
  const { database, log, registry, nowMs = Date.now } = options;
  const heads = new HeadMap();
  const counts = new SocketCounts({ ...defaultLimits, ...options.socketLimits });
  const members = new Members({
    heads,
    listDrives: listUserDrives(options.metadata),
    onError: (error) => log.warn({ err: error }, 'listing drives failed'),
    count: countLookups(registry, 'members'),
  });
  const teller = new Teller({ heads, members });
  const metrics = createMetrics(registry, { sockets: () => counts.all, members: () => members.size, drives: () => heads.size });
  const book = new CursorBook({
    write: writeCursors(database),
    onReport: (tenantId, cursor) => {
      const lag = cursorLag(heads.get(tenantId, cursor.drive), cursor);
      if (lag !== undefined) metrics.cursorLag.observe(lag);
    },
    writeEveryMs: options.writeCursorsEveryMs,
    nowMs,
    onError: (error) => log.warn({ err: error }, 'writing cursors failed'),
  });
  const door = openSocketDoor({
    authenticator: options.authenticator,
    revocations: options.revocations,
    tenantOfHost: options.tenantOfHost,
    members,
    book,
    counts,
    mostSockets: options.mostSockets ?? (() => Promise.resolve(Infinity)),
    log,
    metrics,
    nowMs,
    pingEveryMs: options.pingEveryMs ?? 30_000,
  });
  watchQueues(registry, { door, teller, book });
  const stopping = new AbortController();
  createDatabaseMetrics(registry, 'sync', () => database.poolState());
  const service = createService({
    ...options,
    name: 'sync',
    bindings: bindRoutes({ database, members, book, stopping: stopping.signal }),
    ready: checkParts({ database: () => database.query('SELECT 1') }),
    upgrade: door.upgrade,
  });
  let subscriptions: readonly Subscription[] = [];

  async function start(): Promise<void> {
    door.start();
    subscriptions = await hearNews(options, { teller, members, metrics });
  }

  async function stop(): Promise<void> {
    stopping.abort();
    await door.drain(options.spreadMs ?? 5_000);
    for (const subscription of subscriptions) await subscription.stop();
    await service.stop();
    teller.close();
    members.close();
    await book.flush();
  }

  return { service, start, stop };
}
