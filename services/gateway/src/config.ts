import { defineConfig, hintSettings, serviceKeySettings, tlsSettings, tracingSettings } from '@driftbox/service-kit';

/** The settings of verify. NGINX's own come from one file (docs/gateway.md). */
export const verifyConfig = defineConfig({
  DRIFTBOX_VERIFY_HOST: { type: 'string', default: '127.0.0.1', description: 'Address that verify listens on: NGINX alone must reach it' },
  DRIFTBOX_VERIFY_PORT: { type: 'int', default: 7500, min: 0, max: 65_535, description: "Port of NGINX's questions" },
  DRIFTBOX_VERIFY_INTERNAL_HOST: { type: 'string', default: '127.0.0.1', description: 'Address of health and metrics' },
  DRIFTBOX_VERIFY_INTERNAL_PORT: {
    type: 'int',
    default: 7501,
    min: 0,
    max: 65_535,
    description: 'Port of health and metrics, by TLS where there is a certificate',
  },
  DRIFTBOX_VERIFY_NGINX_STATUS: {
    type: 'url',
    optional: true,
    example: 'http://127.0.0.1:8090/stub_status',
    description: "NGINX's status page, told with the metrics of verify, as http://127.0.0.1:8090/stub_status; one NGINX for each verify",
  },
  DRIFTBOX_AUTH_URL: { type: 'string', description: 'Internal address of auth: keys, revocations, hosts, app passwords' },
  DRIFTBOX_METADATA_URL: { type: 'string', description: "Internal address of metadata: tenants' request rates" },
  ...hintSettings,
  DRIFTBOX_REDIS_URL: {
    ...hintSettings.DRIFTBOX_REDIS_URL,
    description: 'Redis in which all verify processes count requests together, as redis:// or rediss://user:password@host:6379',
  },
  ...tlsSettings,
  DRIFTBOX_SERVICE_KEY: serviceKeySettings.DRIFTBOX_SERVICE_KEY,
  ...tracingSettings,
  DRIFTBOX_LOG_LEVEL: {
    type: 'enum',
    values: ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'],
    default: 'warn',
    description: 'Least level that is logged; NGINX logs each request already',
  },
});
