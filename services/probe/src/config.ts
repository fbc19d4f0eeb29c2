import { certificateSettings, defineConfig } from '@driftbox/service-kit';

/** Every setting of the probe. */
export const configTable = defineConfig({
  DRIFTBOX_PROBE_URL: {
    type: 'url',
    example: 'https://driftbox.example.com',
    description: 'Address that people use, as https://driftbox.example.com',
  },
  DRIFTBOX_PROBE_TENANT_HOST: {
    type: 'string',
    optional: true,
    description: 'Host name of its tenant, where that is another than in the address',
  },
  DRIFTBOX_PROBE_EMAIL: { type: 'string', description: 'Its user, in a tenant where nobody else is' },
  DRIFTBOX_PROBE_PASSWORD: { type: 'string', secret: true, description: 'Its password' },
  DRIFTBOX_PROBE_EVERY: { type: 'duration', default: '30s', min: 1_000, description: 'From the beginning of a round to that of the next' },
  DRIFTBOX_PROBE_PATIENCE: {
    type: 'duration',
    default: '10s',
    min: 100,
    max: 60_000,
    description: 'How long a step may take before it counts as failed',
  },
  DRIFTBOX_PROBE_HOST: { type: 'string', default: '127.0.0.1', description: 'Address of /healthz and /metrics' },
  DRIFTBOX_PROBE_PORT: {
    type: 'int',
    default: 7110,
    min: 0,
    max: 65_535,
    description: 'Port of /healthz and /metrics, by TLS where there is a certificate',
  },
  ...certificateSettings,
  DRIFTBOX_LOG_LEVEL: {
    type: 'enum',
    values: ['debug', 'info', 'warn', 'error'],
    default: 'info',
    description: 'Least level that is logged',
  },
});
