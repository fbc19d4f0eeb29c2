import {
  databaseSettings,
  defineConfig,
  serviceKeySettings,
  tenantMetricSettings,
  tlsSettings,
  tracingSettings,
} from '@driftbox/service-kit';

/** Rows that the table of every service's own process includes. */
export const processSettings = defineConfig({
  ...databaseSettings,
  ...serviceKeySettings,
  ...tlsSettings,
  DRIFTBOX_TLS_PORT: {
    type: 'int',
    default: 8443,
    min: 0,
    max: 65_535,
    description: 'Port of the public routes by TLS, where there is a certificate; the one without stays for callers of the version before',
  },
  DRIFTBOX_INTERNAL_TLS_PORT: { type: 'int', default: 9443, min: 0, max: 65_535, description: 'The same for the cell' },
  DRIFTBOX_OTHER_DATABASE_PASSWORD: {
    type: 'string',
    secret: true,
    optional: true,
    description: 'Tried where PostgreSQL does not take the password of its role: the next or the previous one while that is being replaced',
  },
  DRIFTBOX_OTHER_RELAY_DATABASE_PASSWORD: {
    type: 'string',
    secret: true,
    optional: true,
    description: 'The same for the role that relays its outbox, where it has one',
  },
  DRIFTBOX_TRUSTED_PROXIES: {
    type: 'int',
    default: 0,
    min: 0,
    max: 10,
    description: 'Proxies in front whose X-Forwarded-For is believed; 1 behind a gateway',
  },
  ...tenantMetricSettings,
  ...tracingSettings,
  DRIFTBOX_LOG_LEVEL: {
    type: 'enum',
    values: ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'],
    default: 'info',
    description: 'Least level that is logged',
  },
});
