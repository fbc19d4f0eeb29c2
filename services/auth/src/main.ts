import { createKafkaBus } from '@driftbox/event-bus';
import { openMailer } from '@driftbox/mail';
import { createDatabase } from '@driftbox/postgres';
import { createLogger, databaseLimits, readPublishing, readTracing, startTracing, stopOnSignal, watchTenants } from '@driftbox/service-kit';
import { Registry } from 'prom-client';
import { createAuth } from './app.ts';
import { readConfig, readTenant } from './config.ts';
import { originsLike } from './origin-of.ts';

const { config, secrets } = readConfig(process.env);
const publishing = readPublishing(config, 'DRIFTBOX_AUTH_RELAY_DATABASE_URL', secrets.DRIFTBOX_AUTH_RELAY_DATABASE_URL);
const log = createLogger({ service: 'auth', level: config.DRIFTBOX_LOG_LEVEL });
const tracing = await startTracing(readTracing({ config, secrets }), 'auth', log);
const registry = new Registry();
watchTenants(registry, config);
const database = createDatabase({
  schema: 'auth',
  applicationName: 'auth',
  connectionString: secrets.DRIFTBOX_AUTH_DATABASE_URL,
  maxConnections: config.DRIFTBOX_AUTH_CONNECTIONS,
  ...databaseLimits(config),
});
const relayDatabase =
  publishing &&
  createDatabase({
    schema: 'auth',
    applicationName: 'auth-relay',
    connectionString: publishing.relayUrl,
    maxConnections: 2,
    ...databaseLimits(config),
  });
const bus =
  publishing &&
  createKafkaBus({
    brokers: publishing.brokers,
    clientId: 'auth',
    publishTimeoutMs: 10_000,
    warn: (message, error) => log.warn({ err: error }, message),
  });
const auth = await createAuth({
  database,
  relayDatabase,
  bus,
  log,
  mailer: openMailer({
    smtpUrl: secrets.DRIFTBOX_SMTP_URL,
    folder: config.DRIFTBOX_MAIL_FOLDER ?? 'mails',
    from: config.DRIFTBOX_MAIL_FROM,
  }),
  registry,
  serviceKey: secrets.DRIFTBOX_SERVICE_KEY,
  otherServiceKey: secrets.DRIFTBOX_OTHER_SERVICE_KEY,
  signingKeySecret: secrets.DRIFTBOX_SIGNING_KEY_SECRET,
  defaultTenantId: readTenant(config.DRIFTBOX_DEFAULT_TENANT),
  publicUrl: () => config.DRIFTBOX_PUBLIC_URL,
  originOf: originsLike(config.DRIFTBOX_PUBLIC_URL),
  privateIssuerHosts: config.DRIFTBOX_PRIVATE_ISSUERS?.split(',').map((host) => host.trim()),
  limits: { trustedProxies: config.DRIFTBOX_TRUSTED_PROXIES },
  lifetimes: { accessMs: config.DRIFTBOX_ACCESS_TOKEN_SECONDS * 1000 },
});
await auth.start();
const host = config.DRIFTBOX_HOST;
const { port } = await auth.service.listen({ host, port: config.DRIFTBOX_PORT });
const { port: internalPort } = await auth.service.listenInternal({ host, port: config.DRIFTBOX_INTERNAL_PORT });
log.info({ host, port, internalPort }, 'listening');

stopOnSignal(async () => {
  await auth.stop();
  await bus?.close();
  await Promise.all([database.close(), relayDatabase?.close()]);
  await tracing.stop();
}, log);
