import { createClient } from '@driftbox/api-client';
import { openMailer } from '@driftbox/mail';
import { loadConfig, readPublishing } from '@driftbox/service-kit';
import { joinCell, openProcess } from '@driftbox/service-process';
import { createNotification } from './app.ts';
import { configTable } from './config.ts';
import { readWebhooks } from './webhook-settings.ts';

const { config, secrets } = loadConfig(configTable, process.env);
const relayName = 'DRIFTBOX_NOTIFICATION_RELAY_DATABASE_URL';
const publishing = readPublishing({ config, secrets }, relayName, secrets[relayName]);
const own = await openProcess(
  'notification',
  { config, secrets },
  {
    connectionString: secrets.DRIFTBOX_NOTIFICATION_DATABASE_URL,
    maxConnections: config.DRIFTBOX_NOTIFICATION_CONNECTIONS,
  },
);
const { serviceKey, surroundings } = joinCell(own, { config, secrets }, config.DRIFTBOX_AUTH_URL);
const notification = createNotification({
  ...surroundings,
  ...own.openEvents(publishing),
  database: own.database,
  metadata: createClient({ transport: own.reach(config.DRIFTBOX_METADATA_URL) }),
  serviceKey,
  mailer: openMailer({
    smtpUrl: secrets.DRIFTBOX_SMTP_URL,
    folder: config.DRIFTBOX_MAIL_FOLDER ?? 'mails',
    from: config.DRIFTBOX_MAIL_FROM,
  }),
  publicUrl: () => config.DRIFTBOX_PUBLIC_URL,
  webhookSecret: Buffer.from(secrets.DRIFTBOX_CONTENT_URL_SECRET),
  ...readWebhooks(config),
});
await own.serve(notification, {
  host: config.DRIFTBOX_NOTIFICATION_HOST,
  port: config.DRIFTBOX_NOTIFICATION_PORT,
  internalPort: config.DRIFTBOX_NOTIFICATION_INTERNAL_PORT,
});
