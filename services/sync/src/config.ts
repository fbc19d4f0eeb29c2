import { defineConfig, eventSettings, hintSettings } from '@driftbox/service-kit';
import { processSettings } from '@driftbox/service-process';

/** Every setting of sync's own process. */
export const configTable = defineConfig({
  DRIFTBOX_SYNC_HOST: { type: 'string', default: '127.0.0.1', description: 'Address that sync listens on' },
  DRIFTBOX_SYNC_PORT: { type: 'int', default: 7104, min: 0, max: 65535, description: 'Port of the public routes and of sockets' },
  DRIFTBOX_SYNC_INTERNAL_PORT: {
    type: 'int',
    default: 7114,
    min: 0,
    max: 65535,
    description: 'Port of all routes, health and metrics; reachable from the cell alone',
  },
  DRIFTBOX_SYNC_DATABASE_URL: {
    type: 'string',
    secret: true,
    description: 'Connection string of the service role; several servers, host1:5432,host2, are a primary and its standbys',
  },
  ...eventSettings,
  ...hintSettings,
  DRIFTBOX_SYNC_CONNECTIONS: { type: 'int', default: 4, min: 1, max: 500, description: 'Most database connections of one process' },
  DRIFTBOX_SYNC_SOCKETS: { type: 'int', default: 20_000, min: 1, max: 1_000_000, description: 'Most open sockets of one process' },
  DRIFTBOX_SYNC_TENANT_SOCKETS: { type: 'int', default: 10_000, min: 1, max: 1_000_000, description: 'Most open sockets of one tenant' },
  DRIFTBOX_SYNC_USER_SOCKETS: { type: 'int', default: 64, min: 1, max: 10_000, description: 'Most open sockets of one user' },
  DRIFTBOX_SYNC_PING_EVERY: {
    type: 'duration',
    default: '30s',
    min: 1000,
    max: 300_000,
    description: 'How often an idle client is asked whether it is there; shorter than any proxy waits',
  },
  DRIFTBOX_SYNC_RECONNECT_SPREAD: {
    type: 'duration',
    default: '5s',
    min: 0,
    max: 600_000,
    description: 'Over how long clients come back when this process stops',
  },
  DRIFTBOX_METADATA_URL: { type: 'string', description: 'Internal address of metadata' },
  DRIFTBOX_AUTH_URL: { type: 'string', description: 'Internal address of auth, for keys and revocations' },
  ...processSettings,
});
