import { openMailer } from '@driftbox/mail';
import { readPublishing } from '@driftbox/service-kit';
import { openProcess } from '@driftbox/service-process';
import { createAuth } from './app.ts';
import { readConfig, readTenant } from './config.ts';
import { originsLike } from './origin-of.ts';

const { config, secrets } = readConfig(process.env);
const publishing = readPublishing({ config, secrets }, 'DRIFTBOX_AUTH_RELAY_DATABASE_URL', secrets.DRIFTBOX_AUTH_RELAY_DATABASE_URL);
const own = await openProcess(
  'auth',
  { config, secrets },
  {
    connectionString: secrets.DRIFTBOX_AUTH_DATABASE_URL,
    maxConnections: config.DRIFTBOX_AUTH_CONNECTIONS,
  },
);
const auth = await createAuth({
  ...own.openEvents(publishing),
  database: own.database,
  log: own.log,
  mailer: openMailer({
    smtpUrl: secrets.DRIFTBOX_SMTP_URL,
    folder: config.DRIFTBOX_MAIL_FOLDER ?? 'mails',
    from: config.DRIFTBOX_MAIL_FROM,
  }),
  registry: own.registry,
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
await own.serve(auth, { host: config.DRIFTBOX_HOST, port: config.DRIFTBOX_PORT, internalPort: config.DRIFTBOX_INTERNAL_PORT });
