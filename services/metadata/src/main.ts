import { createClient, httpTransport } from '@driftbox/api-client';
import { createKafkaBus, createRedisHintBus, joinLater } from '@driftbox/event-bus';
import { createDatabase } from '@driftbox/postgres';
import { routes } from '@driftbox/protocol';
import { SharedValues } from '@driftbox/redis';
import {
  createAuthenticator,
  createKeySource,
  createLogger,
  databaseLimits,
  followHosts,
  loadConfig,
  PolledRevocations,
  readPublishing,
  readRedisUrl,
  readTracing,
  signServiceToken,
  startTracing,
  stopOnSignal,
  watchTenants,
} from '@driftbox/service-kit';
import { Registry } from 'prom-client';
import { localAnswers } from './answer-store.ts';
import { createMetadata } from './app.ts';
import { configTable } from './config.ts';

const { config, secrets } = loadConfig(configTable, process.env);
const publishing = readPublishing(config, 'DRIFTBOX_METADATA_RELAY_DATABASE_URL', secrets.DRIFTBOX_METADATA_RELAY_DATABASE_URL);
const redisUrl = readRedisUrl(secrets);
const log = createLogger({ service: 'metadata', level: config.DRIFTBOX_LOG_LEVEL });
const tracing = await startTracing(readTracing({ config, secrets }), 'metadata', log);
const registry = new Registry();
watchTenants(registry, config);
const database = createDatabase({
  schema: 'metadata',
  applicationName: 'metadata',
  connectionString: secrets.DRIFTBOX_METADATA_DATABASE_URL,
  maxConnections: config.DRIFTBOX_METADATA_CONNECTIONS,
  ...databaseLimits(config),
});
const relayDatabase =
  publishing &&
  createDatabase({
    schema: 'metadata',
    applicationName: 'metadata-relay',
    connectionString: publishing.relayUrl,
    maxConnections: 2,
    ...databaseLimits(config),
  });
const kafka =
  publishing &&
  createKafkaBus({
    brokers: publishing.brokers,
    clientId: 'metadata',
    publishTimeoutMs: 10_000,
    warn: (message, error) => log.warn({ err: error }, message),
  });
const hints =
  redisUrl === undefined
    ? undefined
    : createRedisHintBus({
        url: redisUrl,
        channel: `${config.DRIFTBOX_REDIS_PREFIX}hints`,
        onError: (error) => log.warn({ err: error }, 'hints'),
      });
const hotAnswers =
  redisUrl === undefined
    ? undefined
    : new SharedValues({
        url: redisUrl,
        prefix: `${config.DRIFTBOX_REDIS_PREFIX}answers:`,
        lifeMs: 120_000,
        onError: (error) => log.warn({ err: error }, 'hot answers'),
      });
const { DRIFTBOX_SERVICE_KEY: serviceKey, DRIFTBOX_OTHER_SERVICE_KEY: otherServiceKey } = secrets;
const auth = createClient({
  transport: httpTransport(config.DRIFTBOX_AUTH_URL),
  token: () => signServiceToken(serviceKey, { caller: 'metadata' }),
});
const keys = createKeySource({ fetch: () => auth.call(routes.getKeys) });
const revocations = new PolledRevocations({
  fetch: (after) => auth.call(routes.listRevocations, { query: { after } }),
  onError: (error) => log.warn({ err: error }, 'revocations are stale'),
});
const metadata = await createMetadata({
  database,
  relayDatabase,
  bus: kafka && joinLater(kafka, { onError: (error) => log.warn({ err: error }, 'events are not heard yet') }),
  hints,
  answers: hotAnswers ?? localAnswers(),
  auth: createClient({ transport: httpTransport(config.DRIFTBOX_AUTH_URL) }),
  serviceKey,
  log,
  registry,
  authenticator: createAuthenticator({ keys, serviceKey, otherServiceKey, revocations }),
  tenantOfHost: followHosts((host) => auth.call(routes.findTenantOfHost, { params: { host } })),
  limits: { trustedProxies: config.DRIFTBOX_TRUSTED_PROXIES },
  sweepEveryMs: config.DRIFTBOX_METADATA_SWEEP_EVERY,
});
revocations.start();
await metadata.start();
await metadata.service.listen({ host: config.DRIFTBOX_METADATA_HOST, port: config.DRIFTBOX_METADATA_PORT });
await metadata.service.listenInternal({ host: config.DRIFTBOX_METADATA_HOST, port: config.DRIFTBOX_METADATA_INTERNAL_PORT });

stopOnSignal(async () => {
  revocations.stop();
  await metadata.stop();
  await kafka?.close();
  await hints?.close();
  hotAnswers?.close();
  await Promise.all([database.close(), relayDatabase?.close()]);
  await tracing.stop();
}, log);
