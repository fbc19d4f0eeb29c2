import { randomUUID } from 'node:crypto';
import { createClient, httpTransport } from '@driftbox/api-client';
import { createKafkaBus, createRedisHintBus, joinLater } from '@driftbox/event-bus';
import { createDatabase } from '@driftbox/postgres';
import { routes } from '@driftbox/protocol';
import {
  createAuthenticator,
  createKeySource,
  createLogger,
  databaseLimits,
  followHosts,
  loadConfig,
  PolledRevocations,
  readBrokers,
  readRedisUrl,
  readTracing,
  signServiceToken,
  startTracing,
  stopOnSignal,
  watchTenants,
} from '@driftbox/service-kit';
import { Registry } from 'prom-client';
import { createSync } from './app.ts';
import { configTable } from './config.ts';
import { followMostSockets } from './most-sockets.ts';

const { config, secrets } = loadConfig(configTable, process.env);
const brokers = readBrokers(config);
const redisUrl = readRedisUrl(secrets);
const log = createLogger({ service: 'sync', level: config.DRIFTBOX_LOG_LEVEL });
const tracing = await startTracing(readTracing({ config, secrets }), 'sync', log);
const registry = new Registry();
watchTenants(registry, config);
const { DRIFTBOX_SERVICE_KEY: serviceKey, DRIFTBOX_OTHER_SERVICE_KEY: otherServiceKey } = secrets;
const database = createDatabase({
  schema: 'sync',
  applicationName: 'sync',
  connectionString: secrets.DRIFTBOX_SYNC_DATABASE_URL,
  maxConnections: config.DRIFTBOX_SYNC_CONNECTIONS,
  ...databaseLimits(config),
});
const auth = createClient({
  transport: httpTransport(config.DRIFTBOX_AUTH_URL),
  token: () => signServiceToken(serviceKey, { caller: 'sync' }),
});
const revocations = new PolledRevocations({
  fetch: (after) => auth.call(routes.listRevocations, { query: { after } }),
  onError: (error) => log.warn({ err: error }, 'revocations are stale'),
});
const kafka = brokers && createKafkaBus({ brokers, clientId: 'sync', warn: (message, error) => log.warn({ err: error }, message) });
const hints =
  redisUrl === undefined
    ? undefined
    : createRedisHintBus({
        url: redisUrl,
        channel: `${config.DRIFTBOX_REDIS_PREFIX}hints`,
        onError: (error) => log.warn({ err: error }, 'hints'),
      });
const metadata = createClient({ transport: httpTransport(config.DRIFTBOX_METADATA_URL) });
const sync = createSync({
  database,
  bus: kafka && joinLater(kafka, { onError: (error) => log.warn({ err: error }, 'events are not heard yet') }),
  // Each process tells its own sockets, so each hears every event; Kafka forgets the groups of those that have gone.
  eventGroup: `sync-${randomUUID()}`,
  hints,
  log,
  registry,
  metadata,
  mostSockets: followMostSockets((tenant) =>
    metadata.call(routes.getTenantLimits, {
      params: { tenant },
      token: () => signServiceToken(serviceKey, { caller: 'sync', tid: tenant }),
    }),
  ),
  authenticator: createAuthenticator({
    keys: createKeySource({ fetch: () => auth.call(routes.getKeys) }),
    serviceKey,
    otherServiceKey,
    revocations,
  }),
  tenantOfHost: followHosts((host) => auth.call(routes.findTenantOfHost, { params: { host } })),
  limits: { trustedProxies: config.DRIFTBOX_TRUSTED_PROXIES },
  revocations,
  socketLimits: {
    all: config.DRIFTBOX_SYNC_SOCKETS,
    perTenant: config.DRIFTBOX_SYNC_TENANT_SOCKETS,
    perUser: config.DRIFTBOX_SYNC_USER_SOCKETS,
  },
  pingEveryMs: config.DRIFTBOX_SYNC_PING_EVERY,
  spreadMs: config.DRIFTBOX_SYNC_RECONNECT_SPREAD,
});
revocations.start();
await sync.start();
await sync.service.listen({ host: config.DRIFTBOX_SYNC_HOST, port: config.DRIFTBOX_SYNC_PORT });
await sync.service.listenInternal({ host: config.DRIFTBOX_SYNC_HOST, port: config.DRIFTBOX_SYNC_INTERNAL_PORT });

stopOnSignal(async () => {
  revocations.stop();
  await sync.stop();
  await kafka?.close();
  await hints?.close();
  await database.close();
  await tracing.stop();
}, log);
