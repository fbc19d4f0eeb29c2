import {
  defineConfig,
  loadConfig,
  readTracing,
  tenantMetricSettings,
  tracingSettings,
  type Loaded,
  type TracingTarget,
} from '@driftbox/service-kit';
import { webhookSettings } from '@driftbox/notification';
import { mirrorFolderSettings, readKeys, transitSettings, upkeepSettings, type KeySettings } from '@driftbox/upload';
import { defaultDataFolder } from './data-folder.ts';

/** The settings of the standalone server. */
export const standaloneConfig = defineConfig({
  DRIFTBOX_DATA: {
    type: 'string',
    optional: true,
    description: 'Data folder; default /var/lib/driftbox for root, else ~/.local/share/driftbox',
  },
  DRIFTBOX_ADDRESS: {
    type: 'string',
    default: '127.0.0.1',
    description: 'IP address to listen on; any but loopback needs TLS or DRIFTBOX_PLAIN_HTTP',
  },
  DRIFTBOX_PORT: { type: 'int', default: 8484, min: 0, max: 65_535, description: 'Port to listen on; 0 takes a free one' },
  DRIFTBOX_TLS_CERT: { type: 'string', optional: true, description: 'File with the TLS certificate chain, in PEM' },
  DRIFTBOX_TLS_KEY: { type: 'string', optional: true, description: "File with the certificate's private key, in PEM" },
  DRIFTBOX_PLAIN_HTTP: {
    type: 'bool',
    default: false,
    description: 'Allow plain HTTP on an address that is not loopback, for example behind a proxy that ends TLS',
  },
  DRIFTBOX_INTERNAL_PORT: {
    type: 'int',
    optional: true,
    min: 0,
    max: 65_530,
    description: "First of the loopback ports of the cell's own routes, one for each service; 0 takes free ones",
  },
  DRIFTBOX_TRUSTED_PROXIES: {
    type: 'int',
    default: 0,
    min: 0,
    max: 10,
    description: 'Proxies in front whose X-Forwarded-For is believed',
  },
  DRIFTBOX_SIGN_UP: {
    type: 'enum',
    values: ['open', 'invite', 'closed'],
    default: 'invite',
    description: 'Who may sign up to the default tenant',
  },
  DRIFTBOX_PUBLIC_URL: {
    type: 'string',
    optional: true,
    description: 'Where people reach this server, for the way back from issuers; else the host they asked for',
  },
  DRIFTBOX_GOOGLE_CLIENT_ID: { type: 'string', optional: true, description: 'Client id at Google: people may sign in with Google' },
  DRIFTBOX_GOOGLE_CLIENT_SECRET: { type: 'string', optional: true, secret: true, description: 'Secret of that client' },
  DRIFTBOX_GOOGLE_DOMAINS: {
    type: 'string',
    optional: true,
    description: 'Google Workspace domains whose people may sign in, with commas between them; anybody with a Google account if absent',
  },
  DRIFTBOX_OIDC_ISSUER: {
    type: 'string',
    optional: true,
    description: 'An OpenID issuer by which people may sign in, as login --oidc sso',
  },
  DRIFTBOX_OIDC_CLIENT_ID: { type: 'string', optional: true, description: 'Client id at that issuer' },
  DRIFTBOX_OIDC_CLIENT_SECRET: { type: 'string', optional: true, secret: true, description: 'Secret of that client, if it has one' },
  DRIFTBOX_PRIVATE_ISSUERS: {
    type: 'string',
    optional: true,
    description: 'Hosts of OpenID issuers that may be on private networks and speak plain HTTP, with commas between them',
  },
  DRIFTBOX_ACCESS_TOKEN_SECONDS: {
    type: 'int',
    default: 900,
    min: 1,
    max: 3_600,
    description: 'Life of an access token; clients renew theirs by themselves',
  },
  ...transitSettings,
  ...webhookSettings,
  ...mirrorFolderSettings,
  ...upkeepSettings,
  ...tenantMetricSettings,
  ...tracingSettings,
  DRIFTBOX_LOG_LEVEL: {
    type: 'enum',
    values: ['debug', 'info', 'warn', 'error', 'silent'],
    default: 'warn',
    description: 'Least level of what is logged, to standard error',
  },
  DRIFTBOX_MAIL_FROM: { type: 'string', default: 'driftbox@localhost', description: 'Sender of mails' },
  DRIFTBOX_SMTP_URL: {
    type: 'string',
    optional: true,
    secret: true,
    description: 'Mail server, as smtp://user:password@host:port; without it mails are written to the data folder',
  },
});

/** What the standalone server runs with. */
export type StandaloneConfig = Loaded<typeof standaloneConfig> & {
  readonly dataFolder: string;
  readonly tls: { readonly cert: string; readonly key: string } | undefined;
  /** Who keeps the key-encryption keys, if not a file of the data folder. */
  readonly keys: KeySettings | undefined;
  /** Where traces go, if anywhere. */
  readonly tracing: TracingTarget | undefined;
};

const loopback = /^(127\.\d+\.\d+\.\d+|::1|localhost)$/;

/** Reads the environment. Throws one error that lists everything wrong with it. */
export function readConfig(env: Readonly<Record<string, string | undefined>>, isRoot: boolean): StandaloneConfig {
  const loaded = loadConfig(standaloneConfig, env);
  const { DRIFTBOX_TLS_CERT: cert, DRIFTBOX_TLS_KEY: key, DRIFTBOX_ADDRESS: address, DRIFTBOX_PLAIN_HTTP: plain } = loaded.config;
  if ((cert === undefined) !== (key === undefined))
    throw new Error('DRIFTBOX_TLS_CERT and DRIFTBOX_TLS_KEY belong together: set both or neither');
  const tls = cert === undefined || key === undefined ? undefined : { cert, key };
  if (!loopback.test(address) && tls === undefined && !plain) {
    throw new Error(
      `passwords would cross the network in plain: to listen on ${address}, set DRIFTBOX_TLS_CERT and DRIFTBOX_TLS_KEY, ` +
        'or DRIFTBOX_PLAIN_HTTP=true behind a proxy that ends TLS',
    );
  }
  const keys = loaded.config.DRIFTBOX_TRANSIT_URL === undefined ? undefined : readKeys(loaded, undefined);
  return { ...loaded, dataFolder: loaded.config.DRIFTBOX_DATA ?? defaultDataFolder(env, isRoot), tls, keys, tracing: readTracing(loaded) };
}
