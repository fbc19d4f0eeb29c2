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
import { createNotification } from './app.ts';
import { configTable } from './config.ts';
import { readWebhooks } from './webhook-settings.ts';

const { config, secrets } = loadConfig(configTable, process.env);
const relayName = 'DRIFTBOX_NOTIFICATION_RELAY_DATABASE_URL';
const publishing = readPublishing(config, relayName, secrets[relayName]);
const log = createLogger({ service: 'notification', level: config.DRIFTBOX_LOG_LEVEL });
const tracing = await startTracing(readTracing({ config, secrets }), 'notification', log);
const registry = new Registry();
watchTenants(registry, config);
const database = createDatabase({
  schema: 'notification',
  applicationName: 'notification',
  connectionString: secrets.DRIFTBOX_NOTIFICATION_DATABASE_URL,
  maxConnections: config.DRIFTBOX_NOTIFICATION_CONNECTIONS,
  ...databaseLimits(config),
});
const relayDatabase =
  publishing &&
  createDatabase({
    schema: 'notification',
    applicationName: 'notification-relay',
    connectionString: publishing.relayUrl,
    maxConnections: 2,
    ...databaseLimits(config),
  });
const kafka =
  publishing &&
  createKafkaBus({
    brokers: publishing.brokers,
    clientId: 'notification',
    publishTimeoutMs: 10_000,
    warn: (message, error) => log.warn({ err: error }, message),
  });
const { DRIFTBOX_SERVICE_KEY: serviceKey, DRIFTBOX_OTHER_SERVICE_KEY: otherServiceKey } = secrets;
const auth = createClient({
  transport: httpTransport(config.DRIFTBOX_AUTH_URL),
  token: () => signServiceToken(serviceKey, { caller: 'notification' }),
});
const keys = createKeySource({ fetch: () => auth.call(routes.getKeys) });
const revocations = new PolledRevocations({
  fetch: (after) => auth.call(routes.listRevocations, { query: { after } }),
  onError: (error) => log.warn({ err: error }, 'revocations are stale'),
});
const notification = createNotification({
  metadata: createClient({ transport: httpTransport(config.DRIFTBOX_METADATA_URL) }),
  serviceKey,
  mailer: openMailer({
    smtpUrl: secrets.DRIFTBOX_SMTP_URL,
    folder: config.DRIFTBOX_MAIL_FOLDER ?? 'mails',
    from: config.DRIFTBOX_MAIL_FROM,
  }),
  publicUrl: () => config.DRIFTBOX_PUBLIC_URL,
  webhookSecret: Buffer.from(secrets.DRIFTBOX_CONTENT_URL_SECRET),
  ...readWebhooks(config),
  database,
  relayDatabase,
  bus: kafka && joinLater(kafka, { onError: (error) => log.warn({ err: error }, 'events are not heard yet') }),
  log,
  registry,
  authenticator: createAuthenticator({ keys, serviceKey, otherServiceKey, revocations }),
  tenantOfHost: followHosts((host) => auth.call(routes.findTenantOfHost, { params: { host } })),
  limits: { trustedProxies: config.DRIFTBOX_TRUSTED_PROXIES },
});
revocations.start();
await notification.start();
const host = config.DRIFTBOX_NOTIFICATION_HOST;
await notification.service.listen({ host, port: config.DRIFTBOX_NOTIFICATION_PORT });
await notification.service.listenInternal({ host, port: config.DRIFTBOX_NOTIFICATION_INTERNAL_PORT });

stopOnSignal(async () => {
  revocations.stop();
  await notification.stop();
  await kafka?.close();
  await Promise.all([database.close(), relayDatabase?.close()]);
  await tracing.stop();
}, log);
