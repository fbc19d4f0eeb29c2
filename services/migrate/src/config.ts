import { databaseTrust, defineConfig, eventSettings } from '@driftbox/service-kit';

const url = (of: string) =>
  ({ type: 'string', secret: true, description: `Connection string of ${of}; its user and password are what the role gets` }) as const;

/** The settings of migrate: the administrator's way in, and what the services will be given. */
export const migrateConfig = defineConfig({
  DRIFTBOX_DATABASE_ADMIN_URL: {
    type: 'string',
    secret: true,
    description: 'PostgreSQL as somebody who may create databases, roles and extensions; names any database that is there',
  },
  DRIFTBOX_OTHER_DATABASE_ADMIN_PASSWORD: {
    type: 'string',
    secret: true,
    optional: true,
    description: 'Who logs in by this one, while it is being replaced, is given that of DRIFTBOX_DATABASE_ADMIN_URL',
  },
  DRIFTBOX_AUTH_DATABASE_URL: url('auth'),
  DRIFTBOX_AUTH_RELAY_DATABASE_URL: url("auth's relay"),
  DRIFTBOX_METADATA_DATABASE_URL: url('metadata'),
  DRIFTBOX_METADATA_RELAY_DATABASE_URL: url("metadata's relay"),
  DRIFTBOX_UPLOAD_DATABASE_URL: url('upload'),
  DRIFTBOX_SYNC_DATABASE_URL: url('sync'),
  DRIFTBOX_SHARE_DATABASE_URL: url('share'),
  DRIFTBOX_SHARE_RELAY_DATABASE_URL: url("share's relay"),
  DRIFTBOX_NOTIFICATION_DATABASE_URL: url('notification'),
  DRIFTBOX_NOTIFICATION_RELAY_DATABASE_URL: url("notification's relay"),
  ...databaseTrust,
  ...eventSettings,
  DRIFTBOX_KAFKA_REPLICAS: { type: 'int', default: 3, min: 1, max: 7, description: 'Brokers that hold each event' },
  DRIFTBOX_LOG_LEVEL: {
    type: 'enum',
    values: ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'],
    default: 'info',
    description: 'Least level that is logged',
  },
});
