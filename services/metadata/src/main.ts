import { createClient, httpTransport } from '@driftbox/api-client';
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
  signServiceToken,
} from '@driftbox/service-kit';
import { Registry } from 'prom-client';
import { createMetadata } from './app.ts';
import { configTable } from './config.ts';

const { config, secrets } = loadConfig(configTable, process.env);
const log = createLogger({ service: 'metadata', level: config.DRIFTBOX_LOG_LEVEL });
const database = createDatabase({
  schema: 'metadata',
  applicationName: 'metadata',
  connectionString: secrets.DRIFTBOX_METADATA_DATABASE_URL,
  maxConnections: config.DRIFTBOX_METADATA_CONNECTIONS,
  ...databaseLimits(config),
});
const serviceKey = secrets.DRIFTBOX_SERVICE_KEY;
const auth = createClient({
  transport: httpTransport(config.DRIFTBOX_AUTH_URL),
  token: () => signServiceToken(serviceKey, { caller: 'metadata' }),
});
const keys = createKeySource({ fetch: () => auth.call(routes.getKeys) });
const revocations = new PolledRevocations({
  fetch: (after) => auth.call(routes.listRevocations, { query: { after } }),
  onError: (error) => log.warn({ err: error }, 'revocations are stale'),
});
// Events wait in the outbox: a process of its own has no bus yet that the other services would hear.
const metadata = await createMetadata({
  database,
  log,
  registry: new Registry(),
  authenticator: createAuthenticator({ keys, serviceKey, revocations }),
  tenantOfHost: followHosts((host) => auth.call(routes.findTenantOfHost, { params: { host } })),
  limits: { trustedProxies: config.DRIFTBOX_TRUSTED_PROXIES },
  sweepEveryMs: config.DRIFTBOX_METADATA_SWEEP_EVERY,
});
revocations.start();
await metadata.start();
await metadata.service.listen({ host: config.DRIFTBOX_METADATA_HOST, port: config.DRIFTBOX_METADATA_PORT });
await metadata.service.listenInternal({ host: config.DRIFTBOX_METADATA_HOST, port: config.DRIFTBOX_METADATA_INTERNAL_PORT });

for (const name of ['SIGTERM', 'SIGINT'] as const) {
  process.once(name, () => {
    void (async () => {
      revocations.stop();
      await metadata.stop();
      await database.close();
    })();
  });
}
