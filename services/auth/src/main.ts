import { createDatabase } from '@driftbox/postgres';
import { createLogger, databaseLimits } from '@driftbox/service-kit';
import { Registry } from 'prom-client';
import { createAuth } from './app.ts';
import { readConfig, readTenant } from './config.ts';
import { createFileMailer } from './mail/file-mailer.ts';
import { createSmtpMailer } from './mail/smtp-mailer.ts';

const { config, secrets } = readConfig(process.env);
const log = createLogger({ service: 'auth', level: config.DRIFTBOX_LOG_LEVEL });
const database = createDatabase({
  schema: 'auth',
  applicationName: 'auth',
  connectionString: secrets.DRIFTBOX_AUTH_DATABASE_URL,
  maxConnections: config.DRIFTBOX_AUTH_CONNECTIONS,
  ...databaseLimits(config),
});
const from = config.DRIFTBOX_MAIL_FROM;
const smtp = secrets.DRIFTBOX_SMTP_URL;
// Events wait in the outbox: a process of its own has no bus yet that the other services would hear.
const auth = await createAuth({
  database,
  log,
  mailer: smtp === undefined ? createFileMailer(config.DRIFTBOX_MAIL_FOLDER ?? 'mails', from) : createSmtpMailer(smtp, from),
  registry: new Registry(),
  serviceKey: secrets.DRIFTBOX_SERVICE_KEY,
  signingKeySecret: secrets.DRIFTBOX_SIGNING_KEY_SECRET,
  defaultTenantId: readTenant(config.DRIFTBOX_DEFAULT_TENANT),
  publicUrl: () => config.DRIFTBOX_PUBLIC_URL,
  limits: { trustedProxies: config.DRIFTBOX_TRUSTED_PROXIES },
  lifetimes: { accessMs: config.DRIFTBOX_ACCESS_TOKEN_SECONDS * 1000 },
});
await auth.start();
const host = config.DRIFTBOX_HOST;
const { port } = await auth.service.listen({ host, port: config.DRIFTBOX_PORT });
const { port: internalPort } = await auth.service.listenInternal({ host, port: config.DRIFTBOX_INTERNAL_PORT });
log.info({ host, port, internalPort }, 'listening');

for (const name of ['SIGTERM', 'SIGINT'] as const) {
  process.once(name, () => {
    void (async () => {
      await auth.stop();
      await database.close();
    })();
  });
}
