import { createClient, httpTransport } from '@driftbox/api-client';
import { createKafkaBus, joinLater } from '@driftbox/event-bus';
import { openMailer } from '@driftbox/mail';
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
  readPublishing,
  readTracing,
  signServiceToken,
  startTracing,
  stopOnSignal,
  watchTenants,
} from '@driftbox/service-kit';
import { Registry } from 'prom-client';
import { createShare } from './app.ts';
import { configTable } from './config.ts';

const { config, secrets } = loadConfig(configTable, process.env);
const publishing = readPublishing(config, 'DRIFTBOX_SHARE_RELAY_DATABASE_URL', secrets.DRIFTBOX_SHARE_RELAY_DATABASE_URL);
const log = createLogger({ service: 'share', level: config.DRIFTBOX_LOG_LEVEL });
const tracing = await startTracing(readTracing({ config, secrets }), 'share', log);
const registry = new Registry();
watchTenants(registry, config);
const database = createDatabase({
  schema: 'share',
  applicationName: 'share',
  connectionString: secrets.DRIFTBOX_SHARE_DATABASE_URL,
  maxConnections: config.DRIFTBOX_SHARE_CONNECTIONS,
  ...databaseLimits(config),
});
const relayDatabase =
  publishing &&
  createDatabase({
    schema: 'share',
    applicationName: 'share-relay',
    connectionString: publishing.relayUrl,
    maxConnections: 2,
    ...databaseLimits(config),
  });
const kafka =
  publishing &&
  createKafkaBus({
    brokers: publishing.brokers,
    clientId: 'share',
    publishTimeoutMs: 10_000,
    warn: (message, error) => log.warn({ err: error }, message),
  });
const { DRIFTBOX_SERVICE_KEY: serviceKey, DRIFTBOX_OTHER_SERVICE_KEY: otherServiceKey } = secrets;
const auth = createClient({
  transport: httpTransport(config.DRIFTBOX_AUTH_URL),
  token: () => signServiceToken(serviceKey, { caller: 'share' }),
});
const keys = createKeySource({ fetch: () => auth.call(routes.getKeys) });
const revocations = new PolledRevocations({
  fetch: (after) => auth.call(routes.listRevocations, { query: { after } }),
  onError: (error) => log.warn({ err: error }, 'revocations are stale'),
});
const share = createShare({
  database,
  relayDatabase,
  bus: kafka && joinLater(kafka, { onError: (error) => log.warn({ err: error }, 'events are not heard yet') }),
  auth: createClient({ transport: httpTransport(config.DRIFTBOX_AUTH_URL) }),
  metadata: createClient({ transport: httpTransport(config.DRIFTBOX_METADATA_URL) }),
  upload: createClient({ transport: httpTransport(config.DRIFTBOX_UPLOAD_URL) }),
  serviceKey,
  linkSecret: Buffer.from(secrets.DRIFTBOX_CONTENT_URL_SECRET),
  mailer: openMailer({
    smtpUrl: secrets.DRIFTBOX_SMTP_URL,
    folder: config.DRIFTBOX_MAIL_FOLDER ?? 'mails',
    from: config.DRIFTBOX_MAIL_FROM,
  }),
  publicUrl: () => config.DRIFTBOX_PUBLIC_URL,
  log,
  registry,
  authenticator: createAuthenticator({ keys, serviceKey, otherServiceKey, revocations }),
  tenantOfHost: followHosts((host) => auth.call(routes.findTenantOfHost, { params: { host } })),
  limits: { trustedProxies: config.DRIFTBOX_TRUSTED_PROXIES },
  guessesPerMinute: config.DRIFTBOX_SHARE_GUESSES,
});
revocations.start();
await share.start();
await share.service.listen({ host: config.DRIFTBOX_SHARE_HOST, port: config.DRIFTBOX_SHARE_PORT });
await share.service.listenInternal({ host: config.DRIFTBOX_SHARE_HOST, port: config.DRIFTBOX_SHARE_INTERNAL_PORT });

stopOnSignal(async () => {
  revocations.stop();
  await share.stop();
  await kafka?.close();
  await Promise.all([database.close(), relayDatabase?.close()]);
  await tracing.stop();
}, log);
