import { parseTenantId } from '@driftbox/domain';
import { createMemoryBus } from '@driftbox/event-bus';
import { createDatabase } from '@driftbox/postgres';
import { createLogger } from '@driftbox/service-kit';
import { Registry } from 'prom-client';
import { createAuth } from './app.ts';
import { readConfig } from './config.ts';
import { createFileMailer } from './mail/file-mailer.ts';
import { createSmtpMailer } from './mail/smtp-mailer.ts';

const { config, secrets } = readConfig(process.env);
const log = createLogger({ service: 'auth', level: config.DRIFTBOX_LOG_LEVEL });
const database = createDatabase({ connectionString: secrets.DRIFTBOX_AUTH_DATABASE_URL, applicationName: 'auth', schema: 'auth' });
const relayUrl = secrets.DRIFTBOX_AUTH_RELAY_DATABASE_URL;
const relayDatabase =
  relayUrl === undefined
    ? undefined
    : createDatabase({ connectionString: relayUrl, applicationName: 'auth-relay', schema: 'auth', maxConnections: 2 });
const bus = createMemoryBus();
const from = config.DRIFTBOX_MAIL_FROM;
const smtp = secrets.DRIFTBOX_SMTP_URL;
const auth = await createAuth({
  database,
  log,
  relayDatabase,
  bus,
  mailer: smtp === undefined ? createFileMailer(config.DRIFTBOX_MAIL_FOLDER ?? 'mails', from) : createSmtpMailer(smtp, from),
  registry: new Registry(),
  serviceKey: secrets.DRIFTBOX_SERVICE_KEY,
  signingKeySecret: secrets.DRIFTBOX_SIGNING_KEY_SECRET,
  defaultTenantId: config.DRIFTBOX_DEFAULT_TENANT === undefined ? undefined : parseTenantId(config.DRIFTBOX_DEFAULT_TENANT),
  publicUrl: () => config.DRIFTBOX_PUBLIC_URL,
  limits: { trustedProxies: config.DRIFTBOX_TRUSTED_PROXIES },
});
await auth.start();
await auth.service.listen({ host: config.DRIFTBOX_HOST, port: config.DRIFTBOX_PORT });
await auth.service.listenInternal({ host: config.DRIFTBOX_HOST, port: config.DRIFTBOX_INTERNAL_PORT });

for (const name of ['SIGTERM', 'SIGINT'] as const) {
  process.once(name, () => {
    void (async () => {
      await auth.stop();
      await bus.close();
      await Promise.all([database.close(), relayDatabase?.close()]);
    })();
  });
}
