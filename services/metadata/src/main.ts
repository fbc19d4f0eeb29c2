import { createClient, httpTransport } from '@driftbox/api-client';
import { createMemoryBus } from '@driftbox/event-bus';
import { createDatabase } from '@driftbox/postgres';
import { routes } from '@driftbox/protocol';
import { createAuthenticator, createKeySource, createLogger, loadConfig, PolledRevocations, signServiceToken } from '@driftbox/service-kit';
import { Registry } from 'prom-client';
import { createMetadata } from './app.ts';
import { configTable } from './config.ts';

const { config, secrets } = loadConfig(configTable, process.env);
const log = createLogger({ service: 'metadata', level: config.DRIFTBOX_LOG_LEVEL });
const pool = { schema: 'metadata', applicationName: 'metadata' };
const database = createDatabase({
  ...pool,
  connectionString: secrets.DRIFTBOX_METADATA_DATABASE_URL,
  maxConnections: config.DRIFTBOX_METADATA_CONNECTIONS,
});
const relayDatabase = createDatabase({ ...pool, connectionString: secrets.DRIFTBOX_METADATA_RELAY_DATABASE_URL, maxConnections: 2 });
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
const bus = createMemoryBus();
const metadata = await createMetadata({
  database,
  relayDatabase,
  bus,
  log,
  registry: new Registry(),
  authenticator: createAuthenticator({ keys, serviceKey, revocations }),
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
      await bus.close();
      await Promise.all([database.close(), relayDatabase.close()]);
    })();
  });
}
