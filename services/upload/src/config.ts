import { defineConfig, type ConfigTable } from '@driftbox/service-kit';

/** The environment of this service as its own process. */
export const uploadConfig = defineConfig({
  DRIFTBOX_HOST: { type: 'string', default: '127.0.0.1', description: 'Address to listen on' },
  DRIFTBOX_PORT: { type: 'int', default: 8082, min: 0, max: 65_535, description: 'Port of the public routes; 0 takes a free one' },
  DRIFTBOX_INTERNAL_PORT: { type: 'int', default: 9082, min: 0, max: 65_535, description: 'Port of all routes, health and metrics, for the cell alone' },
  DRIFTBOX_LOG_LEVEL: { type: 'enum', values: ['debug', 'info', 'warn', 'error'], default: 'info', description: 'Least severe lines to log' },
  DRIFTBOX_DATABASE_URL: { type: 'string', secret: true, description: 'PostgreSQL, as the service role of schema upload' },
  DRIFTBOX_POOL_FOLDER: { type: 'string', description: 'Folder of the disk pool' },
  DRIFTBOX_KEY_FILE: { type: 'string', description: 'Key-encryption keys; made when absent' },
  DRIFTBOX_METADATA_URL: { type: 'string', description: 'Internal address of the metadata service' },
  DRIFTBOX_AUTH_URL: { type: 'string', description: 'Internal address of the auth service, for published keys' },
  DRIFTBOX_SERVICE_KEY: { type: 'string', secret: true, description: 'Secret under which the services of a cell call one another; at least 32 bytes' },
  DRIFTBOX_CONTENT_URL_SECRET: { type: 'string', secret: true, description: 'Secret of signed content URLs; at least 32 bytes, the same for all replicas' },
  DRIFTBOX_RECEIVE_BYTES: { type: 'bytes', default: 48 << 20, min: 32 << 20, description: 'Memory for bodies on their way in' },
  DRIFTBOX_SEND_BYTES: { type: 'bytes', default: 64 << 20, min: 32 << 20, description: 'Memory for reads on their way out' },
  DRIFTBOX_UPLOAD_TTL: { type: 'duration', default: 24 * 3600_000, min: 60_000, max: 7 * 24 * 3600_000, description: 'How long an upload stays open after it was last named' },
} satisfies ConfigTable);
