import { defineConfig, eventSettings, mailSettings } from '@driftbox/service-kit';
import { processSettings } from '@driftbox/service-process';
import { webhookSettings } from './webhook-settings.ts';

/** Every setting of notification's own process. */
export const configTable = defineConfig({
  DRIFTBOX_NOTIFICATION_HOST: { type: 'string', default: '127.0.0.1', description: 'Address that notification listens on' },
  DRIFTBOX_NOTIFICATION_PORT: { type: 'int', default: 7106, min: 0, max: 65535, description: 'Port of the public routes' },
  DRIFTBOX_NOTIFICATION_INTERNAL_PORT: {
    type: 'int',
    default: 7116,
    min: 0,
    max: 65535,
    description: 'Port of all routes, health and metrics; reachable from the cell alone',
  },
  DRIFTBOX_NOTIFICATION_DATABASE_URL: {
    type: 'string',
    secret: true,
    description: 'Connection string of the service role; several servers, host1:5432,host2, are a primary and its standbys',
  },
  DRIFTBOX_NOTIFICATION_RELAY_DATABASE_URL: {
    type: 'string',
    secret: true,
    optional: true,
    description: 'PostgreSQL as the role that relays the outbox of notification, notification_relay; belongs to DRIFTBOX_KAFKA_BROKERS',
  },
  ...eventSettings,
  DRIFTBOX_NOTIFICATION_CONNECTIONS: {
    type: 'int',
    default: 4,
    min: 1,
    max: 500,
    description: 'Most database connections of one process',
  },
  DRIFTBOX_METADATA_URL: { type: 'string', description: 'Internal address of metadata' },
  DRIFTBOX_CONTENT_URL_SECRET: {
    type: 'string',
    secret: true,
    min: 32,
    description: "What webhooks' secrets are derived from; the same for all replicas",
  },
  ...mailSettings,
  ...webhookSettings,
  DRIFTBOX_AUTH_URL: { type: 'string', description: 'Internal address of auth, for keys and revocations' },
  ...processSettings,
});
