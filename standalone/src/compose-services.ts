import path from 'node:path';
import { createClient } from '@driftbox/api-client';
import { createAuth, originsLike, type Auth } from '@driftbox/auth';
import { createFolderDeadLetters, createMemoryBus, createMemoryHintBus, replayMarked, type EventBus } from '@driftbox/event-bus';
import { openMailer, type Mailer } from '@driftbox/mail';
import { createMetadata, localAnswers, type Metadata } from '@driftbox/metadata';
import { createNotification, readWebhooks, type Notification } from '@driftbox/notification';
import { routes, type ServiceName } from '@driftbox/protocol';
import {
  countDeadLetters,
  countLookups,
  createAuthenticator,
  createLogger,
  LogOutput,
  signServiceToken,
  startTracing,
  watchEvents,
  watchTenants,
  type Logger,
  type RequestLimits,
  type Service,
  type ServiceSurroundings,
} from '@driftbox/service-kit';
import { createShare, type Share } from '@driftbox/share';
import { createSync, followMostSockets, type Sync } from '@driftbox/sync';
import {
  createUpload,
  inTwoPlaces,
  openKeys,
  openPool,
  readUpkeep,
  type KeySettings,
  type PoolSettings,
  type Upload,
} from '@driftbox/upload';
import { Registry } from 'prom-client';
import type { CellSecrets } from './cell-secrets.ts';
import type { StandaloneConfig } from './config.ts';
import type { DataFolder } from './data-folder.ts';
import { splitList } from './issuers-of.ts';
import type { Databases } from './open-databases.ts';

/** The services of a cell, calling each other within this process. */
export type Services = Readonly<Record<ServiceName, Service>> & {
  /** For what concerns no single service. */
  readonly log: Logger;
  /** Lets requests in flight end and ends the background work; the databases are then free. */
  stop(): Promise<void>;
};

type Parts = {
  readonly config: StandaloneConfig;
  readonly folder: DataFolder;
  readonly secrets: CellSecrets;
  readonly databases: Databases;
};

/** For all services of all servers of this process: people wait for each line. */
const standardError = new LogOutput(2, { gather: false });

/** What all services of this process share. */
function sharedParts({ config, folder }: Parts) {
  const log = (service: string): Logger => createLogger({ service, level: config.config.DRIFTBOX_LOG_LEVEL, destination: standardError });
  const limits: RequestLimits = { trustedProxies: config.config.DRIFTBOX_TRUSTED_PROXIES };
  const hints = createMemoryHintBus((error) => log('sync').warn({ err: error }, 'a hint was not heard'));
  const registry = new Registry();
  watchTenants(registry, config.config);
  const countDeadLetter = countDeadLetters(registry);
  const bus = createMemoryBus({
    deadLetters: createFolderDeadLetters(folder.deadLetters),
    onDeadLetter: (news) => {
      countDeadLetter();
      log(news.group).error(news, 'an event was given up, and is kept as a dead letter');
    },
  });
  watchEvents(registry, bus);
  return { registry, bus, hints, log, limits };
}

type Shared = ReturnType<typeof sharedParts> & Parts;

/** One for each service that sends mails, which closes it. */
function mailerOf({ config, folder }: Pick<Parts, 'config' | 'folder'>): Mailer {
  const { DRIFTBOX_SMTP_URL: smtpUrl } = config.secrets;
  return openMailer({ smtpUrl, folder: folder.mail, from: config.config.DRIFTBOX_MAIL_FROM });
}

/** Where people reach a host: as the public address says, or as they reached this server. */
function originOf({ config, tls }: StandaloneConfig): (host: string) => string {
  const scheme = tls === undefined ? 'http' : 'https';
  return config.DRIFTBOX_PUBLIC_URL === undefined ? (host) => `${scheme}://${host}` : originsLike(config.DRIFTBOX_PUBLIC_URL);
}

function composeAuth({ config, folder, secrets, databases, registry, bus, log, limits }: Shared): Promise<Auth> {
  const { database, relay } = databases.of('auth');
  return createAuth({
    database,
    relayDatabase: relay,
    bus,
    registry,
    log: log('auth'),
    mailer: mailerOf({ config, folder }),
    serviceKey: secrets.serviceKey,
    signingKeySecret: secrets.signingKeySecret,
    defaultTenantId: secrets.defaultTenant,
    lifetimes: { accessMs: config.config.DRIFTBOX_ACCESS_TOKEN_SECONDS * 1000 },
    originOf: originOf(config),
    privateIssuerHosts: splitList(config.config.DRIFTBOX_PRIVATE_ISSUERS),
    limits,
  });
}

/** How services that share this process with auth know people: its keys and revocations, without polling over a network. */
function authenticatorOf(auth: Auth, { secrets: { serviceKey }, registry }: Shared) {
  const client = createClient({ transport: auth.service.transport });
  return createAuthenticator({
    keys: auth.keys,
    revocations: auth.revocations,
    serviceKey,
    registry,
    exchangeBasic: async ({ email, password }, tenantId, address) => {
      const token = () => signServiceToken(serviceKey, { caller: 'gateway', tid: tenantId });
      return (await client.call(routes.exchangeAppPassword, { body: { tenantId, email, password, address }, token })).accessToken;
    },
  });
}

/** What every service but auth has around it. */
function surroundingsOf(name: ServiceName, auth: Auth, shared: Shared): ServiceSurroundings {
  const { registry, log, limits } = shared;
  return { registry, log: log(name), authenticator: authenticatorOf(auth, shared), tenantOfHost: auth.tenantOfHost, limits };
}

function composeMetadata(shared: Shared, auth: Auth): Promise<Metadata> {
  const { secrets, databases, bus, hints } = shared;
  const { database, relay } = databases.of('metadata');
  return createMetadata({
    ...surroundingsOf('metadata', auth, shared),
    database,
    relayDatabase: relay,
    bus,
    hints,
    answers: localAnswers(),
    auth: createClient({ transport: auth.service.transport }),
    serviceKey: secrets.serviceKey,
  });
}

async function composeUpload(shared: Shared, auth: Auth, metadata: Metadata): Promise<Upload> {
  const { config, folder, secrets, databases, registry, log } = shared;
  const keys: KeySettings = config.keys ?? { kind: 'file', path: path.join(folder.keys, 'key-encryption-keys.json') };
  const { DRIFTBOX_MIRROR_FOLDER: mirror } = config.config;
  const disk = (at: string): PoolSettings => ({ kind: 'disk', folder: at });
  const pools = inTwoPlaces({ pool: disk(folder.pool), mirror: mirror === undefined ? undefined : disk(mirror) });
  const pool = await openPool(pools, registry);
  return createUpload({
    ...surroundingsOf('upload', auth, shared),
    database: databases.of('upload').database,
    packStore: pool.store,
    mirror: pool.mirror,
    leftovers: pool.leftovers,
    keyManager: await openKeys(keys, databases.of('upload').database, log('upload')),
    metadata: createClient({ transport: metadata.service.transport }),
    serviceKey: secrets.serviceKey,
    contentUrlSecret: Buffer.from(secrets.urlKey, 'hex'),
    ...readUpkeep(config.config),
  });
}

function composeSync(shared: Shared, auth: Auth, metadata: Metadata): Sync {
  const { secrets, databases, registry, bus, hints } = shared;
  const client = createClient({ transport: metadata.service.transport });
  return createSync({
    ...surroundingsOf('sync', auth, shared),
    database: databases.of('sync').database,
    metadata: client,
    mostSockets: followMostSockets(
      (tenant) => {
        const token = () => signServiceToken(secrets.serviceKey, { caller: 'sync', tid: tenant });
        return client.call(routes.getTenantLimits, { params: { tenant }, token });
      },
      countLookups(registry, 'socket_limits'),
    ),
    bus,
    hints,
    revocations: auth.revocations,
  });
}

function composeShare(shared: Shared, auth: Auth, metadata: Metadata, upload: Upload): Share {
  const { secrets, databases, bus } = shared;
  const { database, relay } = databases.of('share');
  return createShare({
    ...surroundingsOf('share', auth, shared),
    database,
    relayDatabase: relay,
    bus,
    auth: createClient({ transport: auth.service.transport }),
    metadata: createClient({ transport: metadata.service.transport }),
    upload: createClient({ transport: upload.service.transport }),
    serviceKey: secrets.serviceKey,
    linkSecret: Buffer.from(secrets.urlKey, 'hex'),
    mailer: mailerOf(shared),
  });
}

function composeNotification(shared: Shared, auth: Auth, metadata: Metadata): Notification {
  const { config, secrets, databases, bus } = shared;
  const { database, relay } = databases.of('notification');
  return createNotification({
    ...surroundingsOf('notification', auth, shared),
    database,
    relayDatabase: relay,
    bus,
    metadata: createClient({ transport: metadata.service.transport }),
    serviceKey: secrets.serviceKey,
    mailer: mailerOf(shared),
    webhookSecret: Buffer.from(secrets.urlKey, 'hex'),
    ...readWebhooks(config.config),
  });
}

/** Sends dead letters again that a person marked by `npm run events`. */
function replayLetters({ deadLetters }: DataFolder, bus: EventBus, log: Logger): { stop(): Promise<void> } {
  return replayMarked({
    bus,
    folder: deadLetters,
    onReplayed: (id, outcome) => log[outcome === 'failed' ? 'warn' : 'info']({ id, outcome }, 'a dead letter was sent once more'),
    onError: (error) => log.warn({ err: error }, 'dead letters were not sent once more'),
  });
}

/** Puts the services together on the embedded back ends, and starts their background work. */
export async function composeServices(parts: Parts): Promise<Services> {
  const shared: Shared = { ...parts, ...sharedParts(parts) };
  const { bus, hints, log } = shared;
  const tracing = await startTracing(parts.config.tracing, 'standalone', log('standalone'));
  const auth = await composeAuth(shared);
  const metadata = await composeMetadata(shared, auth);
  const upload = await composeUpload(shared, auth, metadata);
  const share = composeShare(shared, auth, metadata, upload);
  const sync = composeSync(shared, auth, metadata);
  const notification = composeNotification(shared, auth, metadata);
  // Whoever listens to the bus starts before whoever relays to it: an event that finds no group is nobody's.
  await sync.start();
  await notification.start();
  await share.start();
  await metadata.start();
  await auth.start();
  upload.start();
  const letters = replayLetters(parts.folder, bus, log('standalone'));
  return {
    auth: auth.service,
    metadata: metadata.service,
    notification: notification.service,
    share: share.service,
    sync: sync.service,
    upload: upload.service,
    log: log('standalone'),
    stop: async () => {
      await letters.stop();
      // Its requests ask the others; it goes on listening to the bus for as long as they relay to it.
      await share.service.stop();
      await upload.stop();
      await metadata.service.stop();
      // Whoever listens to the bus ends after whoever relays to it: the relay would wait for a group of nobody.
      await auth.stop();
      await metadata.stop();
      await notification.stop();
      await share.stop();
      await sync.stop();
      await hints.close();
      await bus.close();
      await tracing.stop();
    },
  };
}
