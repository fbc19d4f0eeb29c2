import { defineConfig, eventSettings, hintSettings } from '@driftbox/service-kit';
import { processSettings } from '@driftbox/service-process';

/** Every setting of metadata's own process. */
export const configTable = defineConfig({
  DRIFTBOX_METADATA_HOST: { type: 'string', default: '127.0.0.1', description: 'Address that metadata listens on' },
  DRIFTBOX_METADATA_PORT: { type: 'int', default: 7102, min: 0, max: 65535, description: 'Port of the public routes' },
  DRIFTBOX_METADATA_INTERNAL_PORT: {
    type: 'int',
    default: 7112,
    min: 0,
    max: 65535,
    description: 'Port of all routes, health and metrics; reachable from the cell alone',
  },
  DRIFTBOX_METADATA_DATABASE_URL: {
    type: 'string',
    secret: true,
    description: 'Connection string of the service role; several servers, host1:5432,host2, are a primary and its standbys',
  },
  DRIFTBOX_METADATA_RELAY_DATABASE_URL: {
    type: 'string',
    secret: true,
    optional: true,
    description: 'PostgreSQL as the role that relays the outbox of metadata, metadata_relay; belongs to DRIFTBOX_KAFKA_BROKERS',
  },
  ...eventSettings,
  ...hintSettings,
  DRIFTBOX_METADATA_CONNECTIONS: { type: 'int', default: 10, min: 1, max: 500, description: 'Most database connections of one process' },
  DRIFTBOX_METADATA_SWEEP_EVERY: {
    type: 'duration',
    default: '10m',
    min: 1000,
    description: 'How often retention looks for what has expired',
  },
  DRIFTBOX_AUTH_URL: { type: 'string', description: 'Internal address of auth, for keys and revocations' },
  ...processSettings,
});
