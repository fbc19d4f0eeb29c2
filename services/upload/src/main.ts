import { createClient, httpTransport } from '@driftbox/api-client';
import { createDatabase } from '@driftbox/postgres';
import { routes } from '@driftbox/protocol';
import {
  checkParts,
  createAuthenticator,
  createKeySource,
  createLogger,
  databaseLimits,
  followHosts,
  loadConfig,
  PolledRevocations,
  readTracing,
  signServiceToken,
  startTracing,
  stopOnSignal,
  watchTenants,
} from '@driftbox/service-kit';
import { Registry } from 'prom-client';
import { createUpload } from './app.ts';
import { configTable } from './config.ts';
import { readKeys } from './keys/key-settings.ts';
import { openKeys } from './keys/open-keys.ts';
import { openPool } from './open-pool.ts';
import { readPools } from './pool-settings.ts';
import { readUpkeep } from './upkeep-settings.ts';

const loaded = loadConfig(configTable, process.env);
const { config, secrets } = loaded;
const pools = readPools(loaded);
const keySettings = readKeys(loaded, config.DRIFTBOX_KEY_FILE);
const log = createLogger({ service: 'upload', level: config.DRIFTBOX_LOG_LEVEL });
const tracing = await startTracing(readTracing(loaded), 'upload', log);
const { DRIFTBOX_SERVICE_KEY: serviceKey, DRIFTBOX_OTHER_SERVICE_KEY: otherServiceKey } = secrets;
const database = createDatabase({
  schema: 'upload',
  applicationName: 'upload',
  connectionString: secrets.DRIFTBOX_UPLOAD_DATABASE_URL,
  maxConnections: config.DRIFTBOX_UPLOAD_CONNECTIONS,
  ...databaseLimits(config),
});
const auth = createClient({
  transport: httpTransport(config.DRIFTBOX_AUTH_URL),
  token: () => signServiceToken(serviceKey, { caller: 'upload' }),
});
const revocations = new PolledRevocations({
  fetch: (after) => auth.call(routes.listRevocations, { query: { after } }),
  onError: (error) => log.warn({ err: error }, 'revocations are stale'),
});
const registry = new Registry();
watchTenants(registry, config);
const pool = await openPool(pools, registry);
const upload = createUpload({
  database,
  log,
  serviceKey,
  registry,
  packStore: pool.store,
  mirror: pool.mirror,
  leftovers: pool.leftovers,
  ready: checkParts({ database: () => database.query('SELECT 1'), pool: () => pool.check() }),
  keyManager: await openKeys(keySettings, database, log),
  metadata: createClient({ transport: httpTransport(config.DRIFTBOX_METADATA_URL) }),
  contentUrlSecret: Buffer.from(secrets.DRIFTBOX_CONTENT_URL_SECRET),
  authenticator: createAuthenticator({
    keys: createKeySource({ fetch: () => auth.call(routes.getKeys) }),
    serviceKey,
    otherServiceKey,
    revocations,
  }),
  tenantOfHost: followHosts((host) => auth.call(routes.findTenantOfHost, { params: { host } })),
  limits: { trustedProxies: config.DRIFTBOX_TRUSTED_PROXIES },
  receiveBytes: config.DRIFTBOX_UPLOAD_RECEIVE_BYTES,
  sendBytes: config.DRIFTBOX_UPLOAD_SEND_BYTES,
  packBytes: config.DRIFTBOX_UPLOAD_PACK_BYTES,
  ...readUpkeep(config),
});
revocations.start();
upload.start();
await upload.service.listen({ host: config.DRIFTBOX_UPLOAD_HOST, port: config.DRIFTBOX_UPLOAD_PORT });
await upload.service.listenInternal({ host: config.DRIFTBOX_UPLOAD_HOST, port: config.DRIFTBOX_UPLOAD_INTERNAL_PORT });

stopOnSignal(async () => {
  revocations.stop();
  await upload.stop();
  pool.close();
  await database.close();
  await tracing.stop();
}, log);
