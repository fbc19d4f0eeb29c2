import type { TenantId } from '@driftbox/domain';
import type { EventBus } from '@driftbox/event-bus';
import { MailQueue, type Mailer } from '@driftbox/mail';
import { publishOutbox, readBacklog, type Database, type OutboxRelay } from '@driftbox/postgres';
import { servedVersions } from '@driftbox/protocol';
import {
  checkParts,
  countLookups,
  createAuthenticator,
  createKeySource,
  createDatabaseMetrics,
  createService,
  defaultCost,
  guardedFetch,
  hashPassword,
  type KeySource,
  newSecret,
  type PasswordCost,
  PolledRevocations,
  type Service,
  type ServiceKeys,
  type ServiceSurroundings,
  watchOutbox,
  watchQueue,
  type Repeated,
} from '@driftbox/service-kit';
import { defaultLifetimes, type Context, type Lifetimes } from './context.ts';
import { IssuerClients } from './issuer/issuer-clients.ts';
import { defaultSchedule, KeyRing, type KeySchedule } from './key-ring.ts';
import { createMetrics } from './metrics.ts';
import { readRevocations } from './read-revocations.ts';
import { startChores } from './run-chores.ts';
import { bindRoutes } from './routes/bind-routes.ts';
import { sweepExpired } from './sweep.ts';
import { createTenantOfHost } from './tenant-of-host.ts';
import { defaultThrottle, type ThrottleLimits } from './throttle.ts';

/** What auth is made of. The caller owns and closes the databases and the bus; auth closes the mailer. */
export type AuthOptions = ServiceKeys &
  Omit<ServiceSurroundings, 'authenticator' | 'tenantOfHost'> & {
    /** As the service role, schema `auth`. */
    readonly database: Database;
    /** As its relay role; without one nothing is published. */
    readonly relayDatabase?: Database | undefined;
    readonly bus?: EventBus | undefined;
    readonly mailer: Mailer;
    /** Seals signing keys and the secrets of issuers in the database; whoever has both can sign. */
    readonly signingKeySecret: string;
    /** Whose a host is that no tenant claims: for cells of one tenant. */
    readonly defaultTenantId?: TenantId | undefined;
    /** Where people reach a tenant, for links in mails, without a slash at the end. */
    readonly publicUrl?: ((tenantId: TenantId) => string | undefined) | undefined;
    /** Under which address, `https://files.example.com`, people reach a host; by default over HTTPS at its own name. */
    readonly originOf?: ((host: string) => string) | undefined;
    /** Hosts of issuers that may be on private networks and speak plain HTTP; all others are asked over HTTPS, at public addresses. */
    readonly privateIssuerHosts?: readonly string[] | undefined;
    readonly nowMs?: (() => number) | undefined;
    readonly lifetimes?: Partial<Lifetimes> | undefined;
    readonly throttle?: Partial<ThrottleLimits> | undefined;
    readonly keySchedule?: Partial<KeySchedule> | undefined;
    readonly passwordCost?: PasswordCost | undefined;
  };

/** An auth service: `start` begins the background work, `stop` ends it and drains requests and mails. */
export type Auth = {
  readonly service: Service;
  /** The tenant of a host name, for every other service of the process. */
  readonly tenantOfHost: (host: string) => Promise<TenantId | undefined>;
  /** Public keys and revocations straight from this process, for services that share it. */
  readonly keys: KeySource;
  readonly revocations: PolledRevocations;
  /** Reads and, where due, rotates the signing keys now. */
  rotateKeys(): Promise<void>;
  /** Deletes what has expired, bounded; answers how many rows. */
  sweep(): Promise<number>;
  /** Resolves once the mails queued so far have been sent or given up. */
  flushMails(): Promise<void>;
  start(): Promise<void>;
  stop(): Promise<void>;
};

/** What an issuer says is small, and somebody waits for it. */
const issuerTimeoutMs = 5_000;
const issuerAnswerBytes = 1_000_000;

function createIssuers({ signingKeySecret, privateIssuerHosts, registry }: AuthOptions): IssuerClients {
  const privateHosts = new Set(privateIssuerHosts);
  const fetch = guardedFetch({ privateHosts, timeoutMs: issuerTimeoutMs, maxBodyBytes: issuerAnswerBytes });
  return new IssuerClients({ fetch, secret: signingKeySecret, privateHosts, count: countLookups(registry, 'issuers') });
}

async function createContext(options: AuthOptions): Promise<Context> {
  const { database, log, registry } = options;
  const nowMs = options.nowMs ?? Date.now;
  const passwordCost = options.passwordCost ?? defaultCost;
  const keys = new KeyRing({
    database,
    secret: options.signingKeySecret,
    nowMs,
    schedule: { ...defaultSchedule, ...options.keySchedule },
  });
  await keys.refresh();
  return {
    database,
    keys,
    log,
    metrics: createMetrics(registry),
    nowMs,
    passwordCost,
    tenantOfHost: createTenantOfHost(database, options.defaultTenantId, countLookups(registry, 'hosts')),
    mails: new MailQueue(options.mailer, log),
    revocations: new PolledRevocations({
      fetch: (cursor) => readRevocations(database, cursor, nowMs()),
      onError: (error) => log.warn({ err: error }, 'reading revocations failed'),
    }),
    lifetimes: { ...defaultLifetimes, ...options.lifetimes },
    throttle: { ...defaultThrottle, ...options.throttle },
    dummyHash: await hashPassword(newSecret(), passwordCost),
    publicUrl: options.publicUrl,
    issuers: createIssuers(options),
    cookieSecret: options.signingKeySecret,
    originOf: options.originOf ?? ((host) => `https://${host}`),
  };
}

/** The only place where auth is put together. Needs its database at once: it reads the signing keys, or makes the first. */
export async function createAuth(options: AuthOptions): Promise<Auth> {
  const { database, relayDatabase, registry } = options;
  const context = await createContext(options);
  const keys = createKeySource({
    fetch: () => Promise.resolve({ keys: context.keys.publicKeys() }),
    minimumRefetchMs: 0,
    maximumAgeMs: 1_000,
    count: countLookups(registry, 'signing_keys'),
  });
  const { revocations, tenantOfHost } = context;
  const authenticator = createAuthenticator({
    keys,
    serviceKey: options.serviceKey,
    otherServiceKey: options.otherServiceKey,
    revocations,
    registry,
    ...(options.nowMs === undefined ? {} : { nowMs: options.nowMs }),
  });
  createDatabaseMetrics(registry, 'auth', () => database.poolState());
  const service = createService({
    ...options,
    name: 'auth',
    bindings: bindRoutes(context),
    authenticator,
    tenantOfHost,
    protocolVersions: servedVersions,
    ready: checkParts({ database: () => database.query('SELECT 1') }),
  });
  watchQueue(registry, 'mails', () => context.mails.backlog());
  if (relayDatabase !== undefined) watchOutbox(registry, 'auth', () => readBacklog(relayDatabase));
  let relay: OutboxRelay | undefined;
  let chores: Repeated | undefined;

  return {
    service,
    tenantOfHost,
    keys,
    revocations,
    rotateKeys: () => context.keys.refresh(),
    sweep: () => sweepExpired(context),
    flushMails: () => context.mails.flush(),
    start() {
      relay = publishOutbox('auth', options);
      revocations.start();
      chores = startChores(context);
      return Promise.resolve();
    },
    async stop() {
      revocations.stop();
      await chores?.stop();
      await service.stop();
      await context.mails.close();
      await relay?.stop();
    },
  };
}
