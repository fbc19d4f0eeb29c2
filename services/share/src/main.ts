import { createClient } from '@driftbox/api-client';
import { openMailer } from '@driftbox/mail';
import { loadConfig, readPublishing } from '@driftbox/service-kit';
import { joinCell, openProcess } from '@driftbox/service-process';
import { createShare } from './app.ts';
import { configTable } from './config.ts';

const { config, secrets } = loadConfig(configTable, process.env);
const publishing = readPublishing({ config, secrets }, 'DRIFTBOX_SHARE_RELAY_DATABASE_URL', secrets.DRIFTBOX_SHARE_RELAY_DATABASE_URL);
const own = await openProcess(
  'share',
  { config, secrets },
  {
    connectionString: secrets.DRIFTBOX_SHARE_DATABASE_URL,
    maxConnections: config.DRIFTBOX_SHARE_CONNECTIONS,
  },
);
const { serviceKey, surroundings } = joinCell(own, { config, secrets }, config.DRIFTBOX_AUTH_URL);
const share = createShare({
  ...surroundings,
  ...own.openEvents(publishing),
  database: own.database,
  auth: createClient({ transport: own.reach(config.DRIFTBOX_AUTH_URL) }),
  metadata: createClient({ transport: own.reach(config.DRIFTBOX_METADATA_URL) }),
  upload: createClient({ transport: own.reach(config.DRIFTBOX_UPLOAD_URL) }),
  serviceKey,
  linkSecret: Buffer.from(secrets.DRIFTBOX_CONTENT_URL_SECRET),
  mailer: openMailer({
    smtpUrl: secrets.DRIFTBOX_SMTP_URL,
    folder: config.DRIFTBOX_MAIL_FOLDER ?? 'mails',
    from: config.DRIFTBOX_MAIL_FROM,
  }),
  publicUrl: () => config.DRIFTBOX_PUBLIC_URL,
  guessesPerMinute: config.DRIFTBOX_SHARE_GUESSES,
});
await own.serve(share, {
  host: config.DRIFTBOX_SHARE_HOST,
  port: config.DRIFTBOX_SHARE_PORT,
  internalPort: config.DRIFTBOX_SHARE_INTERNAL_PORT,
});
