import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { createClient, noRetry, type Client } from '@driftbox/api-client';
import { parseEntryId, parseSessionId, parseTenantId, parseUserId, type TenantId, type UserId } from '@driftbox/domain';
import { createMemoryBus, type CloudEvent, type EventBus } from '@driftbox/event-bus';
import { createMemoryMailer } from '@driftbox/mail';
import { Problem, routes } from '@driftbox/protocol';
import {
  createAuthenticator,
  createLogger,
  createService,
  handle,
  ownId,
  signAccessToken,
  signServiceToken,
  type QueueName,
  type RouteBinding,
  type Service,
} from '@driftbox/service-kit';
import { createTestDatabase, newId, type TestDatabase } from '@driftbox/testkit';
import { Registry, type Gauge } from 'prom-client';
import { parseNetworks } from '../webhook/check-address.ts';
import { createNotification, type Notification, type NotificationOptions } from '../app.ts';

const serviceKey = 'a service key of at least thirty-two bytes';
const { publicKey, privateKey } = generateKeyPairSync('ed25519');

/** Notification as it is in a cell, on a memory bus; tokens are signed here. One tenant, made anew by `fresh`. */
export type World = {
  readonly db: TestDatabase;
  readonly bus: EventBus;
  readonly registry: Registry;
  readonly notification: Notification;
  /** Who may read what, as metadata says: `USER DRIVE`. */
  readonly readers: Set<string>;
  /** Whose address is proven. */
  readonly addresses: Map<UserId, string>;
  tenantId: TenantId;
  nowMs: number;
  /** Another tenant, at the first moment of 2026. */
  fresh(): void;
  as(userId: UserId, role?: 'member' | 'admin' | 'guest'): Client;
  /** The administrator of the cell. */
  admin(): Client;
  /** Publishes an event of the tenant as a service does; resolves once it has been heard. Answers it. */
  tell(topic: string, type: string, data: object, over?: Partial<CloudEvent>): Promise<CloudEvent>;
  again(topic: string, event: CloudEvent): Promise<void>;
  close(): Promise<void>;
};

const authenticator = createAuthenticator({ keys: { find: () => Promise.resolve(publicKey) }, serviceKey });
const log = createLogger({ service: 'test', level: 'silent' });

/** Metadata's answers that are asked for; what they depend on there is tested there. */
function standInMetadata(readers: ReadonlySet<string>, addresses: ReadonlyMap<UserId, string>): Service {
  const check = handle(routes.checkAccess, ({ actor, params }) => {
    if (!readers.has(`${actor.userId} ${params.drive}`)) throw new Problem('not_found');
    return { driveEpoch: params.drive, rootId: ownId(parseEntryId, params.drive), role: 'viewer' as const };
  });
  const person = handle(routes.getPerson, ({ actor }) => {
    const email = addresses.get(actor.userId);
    return { name: 'Somebody', ...(email === undefined ? {} : { email }) };
  });
  return createService({ name: 'metadata', bindings: [check, person], authenticator, log, registry: new Registry() });
}

function tokenOf(tid: TenantId, sub: UserId, role: 'member' | 'admin' | 'guest') {
  const claims = { sub, tid, sid: newId(parseSessionId), role, scope: 'write' as const };
  return () => signAccessToken(privateKey, 'k1', claims, Date.now(), Date.now() + 60_000);
}

/** A queue, as it is shown at a scrape. */
export async function queueOf({ registry }: World, name: QueueName) {
  const valueOf = async (metric: string): Promise<number | undefined> => {
    const gauge = registry.getSingleMetric(`driftbox_queue_${metric}`) as Gauge<'queue'>;
    return (await gauge.get()).values.find(({ labels }) => labels.queue === name)?.value;
  };
  return { waiting: await valueOf('waiting_items'), oldestSeconds: await valueOf('oldest_seconds') };
}

/** Starts one with a database of its own. */
export async function startWorld(over: Partial<NotificationOptions> = {}): Promise<World> {
  const db = await createTestDatabase({ service: 'notification', migrations: new URL('../../migrations', import.meta.url) });
  const [bus, registry] = [createMemoryBus(), new Registry()];
  const readers = new Set<string>();
  const addresses = new Map<UserId, string>();
  const metadata = standInMetadata(readers, addresses);
  const notification = createNotification({
    database: db.database,
    relayDatabase: db.relay,
    bus,
    metadata: createClient({ transport: metadata.transport, retry: noRetry }),
    serviceKey,
    mailer: createMemoryMailer(),
    webhookSecret: Buffer.alloc(32, 7),
    webhookNetworks: parseNetworks('127.0.0.0/8'),
    log,
    registry,
    authenticator,
    nowMs: () => world.nowMs,
    checkAnswers: true,
    ...over,
  });
  const { transport } = notification.service;
  const world: World = {
    db,
    bus,
    registry,
    readers,
    addresses,
    notification,
    tenantId: newId(parseTenantId),
    nowMs: Date.UTC(2026, 0, 1),
    fresh() {
      world.tenantId = newId(parseTenantId);
      world.nowMs = Date.UTC(2026, 0, 1);
    },
    as(userId, role = 'member') {
      return createClient({ transport, retry: noRetry, token: tokenOf(world.tenantId, userId, role) });
    },
    admin: () =>
      createClient({ transport, retry: noRetry, token: () => signServiceToken(serviceKey, { caller: 'admin', tid: world.tenantId }) }),
    async tell(topic, type, data, over) {
      // Lists are in the order of ids, which is that of time.
      world.nowMs += 1;
      const event: CloudEvent = {
        specversion: '1.0',
        id: randomUUID(),
        source: '/services/test',
        type,
        time: new Date(world.nowMs).toISOString(),
        datacontenttype: 'application/json',
        tenant: world.tenantId,
        partitionkey: 'key',
        data,
        ...over,
      };
      await world.again(topic, event);
      return event;
    },
    again: (topic, event) => bus.publish(topic, event.partitionkey, event),
    async close() {
      await notification.stop();
      await metadata.stop();
      await bus.close();
      await db.drop();
    },
  };
  await notification.start();
  return world;
}

/** The administrator of the cell, talking to a process that has these routes alone. */
export function adminOf(bindings: RouteBinding[]): Client {
  const { transport } = createService({ name: 'notification', bindings, authenticator, log, registry: new Registry() });
  return createClient({ transport, retry: noRetry, token: () => signServiceToken(serviceKey, { caller: 'admin' }) });
}

/** Anybody. */
export const newUser = (): UserId => newId(parseUserId);
