import { defineConfig, eventSettings, mailSettings } from '@driftbox/service-kit';
import { processSettings } from '@driftbox/service-process';

/** Every setting of share's own process. */
export const configTable = defineConfig({
  DRIFTBOX_SHARE_HOST: { type: 'string', default: '127.0.0.1', description: 'Address that share listens on' },
  DRIFTBOX_SHARE_PORT: { type: 'int', default: 7105, min: 0, max: 65535, description: 'Port of the public routes' },
  DRIFTBOX_SHARE_INTERNAL_PORT: {
    type: 'int',
    default: 7115,
    min: 0,
    max: 65535,
    description: 'Port of all routes, health and metrics; reachable from the cell alone',
  },
  DRIFTBOX_SHARE_DATABASE_URL: {
    type: 'string',
    secret: true,
    description: 'Connection string of the service role; several servers, host1:5432,host2, are a primary and its standbys',
  },
  DRIFTBOX_SHARE_RELAY_DATABASE_URL: {
    type: 'string',
    secret: true,
    optional: true,
    description: 'PostgreSQL as the role that relays the outbox of share, share_relay; belongs to DRIFTBOX_KAFKA_BROKERS',
  },
  ...eventSettings,
  DRIFTBOX_SHARE_CONNECTIONS: { type: 'int', default: 4, min: 1, max: 500, description: 'Most database connections of one process' },
  DRIFTBOX_SHARE_GUESSES: {
    type: 'int',
    default: 60,
    min: 1,
    max: 100_000,
    description: 'Tokens of no link that one address may try in a minute',
  },
  DRIFTBOX_METADATA_URL: { type: 'string', description: 'Internal address of metadata' },
  DRIFTBOX_UPLOAD_URL: { type: 'string', description: 'Internal address of upload' },
  DRIFTBOX_AUTH_URL: { type: 'string', description: 'Internal address of auth, for keys, revocations and invitations' },
  DRIFTBOX_CONTENT_URL_SECRET: {
    type: 'string',
    secret: true,
    min: 32,
    description: "What links' secrets are derived from; the same for all replicas, and upload's",
  },
  ...mailSettings,
  ...processSettings,
});
