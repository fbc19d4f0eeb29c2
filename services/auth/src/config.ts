import { parseTenantId, type TenantId } from '@driftbox/domain';
import { ConfigError, defineConfig, eventSettings, loadConfig, type Loaded, mailSettings } from '@driftbox/service-kit';
import { processSettings } from '@driftbox/service-process';

/** Every setting of auth as its own process. */
export const authConfig = defineConfig({
  DRIFTBOX_HOST: { type: 'string', default: '127.0.0.1', description: 'Address of the public listener' },
  DRIFTBOX_PORT: { type: 'int', default: 8081, min: 0, max: 65_535, description: 'Port of the public listener' },
  DRIFTBOX_INTERNAL_PORT: {
    type: 'int',
    default: 9081,
    min: 0,
    max: 65_535,
    description: 'Port for the cell: internal routes, health and metrics',
  },
  DRIFTBOX_AUTH_DATABASE_URL: {
    type: 'string',
    secret: true,
    description: 'PostgreSQL as the role of auth; several servers, host1:5432,host2, are a primary and its standbys',
  },
  DRIFTBOX_AUTH_CONNECTIONS: { type: 'int', default: 10, min: 2, max: 500, description: 'Most database connections of one process' },
  DRIFTBOX_AUTH_RELAY_DATABASE_URL: {
    type: 'string',
    secret: true,
    optional: true,
    description: 'PostgreSQL as the role that relays the outbox of auth, auth_relay; belongs to DRIFTBOX_KAFKA_BROKERS',
  },
  ...eventSettings,
  DRIFTBOX_SIGNING_KEY_SECRET: { type: 'string', secret: true, min: 32, description: 'Seals the signing keys in the database' },
  DRIFTBOX_DEFAULT_TENANT: {
    type: 'string',
    optional: true,
    description: 'Tenant of every host that none claims, for a cell of one tenant',
  },
  DRIFTBOX_ACCESS_TOKEN_SECONDS: {
    type: 'int',
    default: 900,
    min: 1,
    max: 3_600,
    description: 'Life of an access token; clients renew theirs by themselves',
  },
  DRIFTBOX_PRIVATE_ISSUERS: {
    type: 'string',
    optional: true,
    description: 'Hosts of OpenID issuers that may be on private networks and speak plain HTTP, with commas between them',
  },
  ...mailSettings,
  ...processSettings,
});

/** The settings in `env`. Throws one `ConfigError` that lists everything wrong with them. */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Loaded<typeof authConfig> {
  return loadConfig(authConfig, env);
}

/** The default tenant's id, if one is set. Throws `ConfigError` for what is no id. */
export function readTenant(text: string | undefined): TenantId | undefined {
  if (text === undefined) return undefined;
  const tenantId = parseTenantId(text);
  if (tenantId === undefined) throw new ConfigError(['DRIFTBOX_DEFAULT_TENANT must be a UUID']);
  return tenantId;
}
