import { defineConfig } from '@driftbox/service-kit';
import { processSettings } from '@driftbox/service-process';
import { poolSettings } from './pool-settings.ts';
import { upkeepSettings } from './upkeep-settings.ts';
import { transitSettings } from './keys/key-settings.ts';

/** The settings of the upload service as its own process. In standalone the same values come from its own configuration. */
export const configTable = defineConfig({
  DRIFTBOX_UPLOAD_HOST: { type: 'string', default: '127.0.0.1', description: 'Address to listen on' },
  DRIFTBOX_UPLOAD_PORT: { type: 'int', default: 7430, min: 0, max: 65_535, description: 'Port of the public routes' },
  DRIFTBOX_UPLOAD_INTERNAL_PORT: { type: 'int', default: 7431, min: 0, max: 65_535, description: 'Port of all routes, for the cell alone' },
  DRIFTBOX_UPLOAD_DATABASE_URL: {
    type: 'string',
    secret: true,
    description: 'PostgreSQL, as the service role of schema upload; several servers, host1:5432,host2, are a primary and its standbys',
  },
  DRIFTBOX_UPLOAD_CONNECTIONS: { type: 'int', default: 10, min: 2, max: 200, description: 'Database connections of this process' },
  ...poolSettings,
  DRIFTBOX_KEY_FILE: {
    type: 'string',
    optional: true,
    description: 'File of the key-encryption keys, made when there is no tenant yet; or set DRIFTBOX_TRANSIT_URL',
  },
  ...transitSettings,
  DRIFTBOX_METADATA_URL: { type: 'string', description: 'Internal address of the metadata service' },
  DRIFTBOX_AUTH_URL: { type: 'string', description: 'Internal address of the auth service: published keys and revocations' },
  DRIFTBOX_CONTENT_URL_SECRET: { type: 'string', secret: true, min: 32, description: 'Signs content URLs; the same for all replicas' },
  DRIFTBOX_UPLOAD_RECEIVE_BYTES: {
    type: 'bytes',
    default: '32MiB',
    min: 32 << 20,
    description: 'Memory for bodies on their way in, of all requests together',
  },
  DRIFTBOX_UPLOAD_SEND_BYTES: {
    type: 'bytes',
    default: '64MiB',
    min: 32 << 20,
    description: 'Memory for reads on their way out, of all requests together',
  },
  DRIFTBOX_UPLOAD_PACK_BYTES: { type: 'bytes', default: '20MiB', min: 16 << 20, description: 'Memory for packs being written' },
  ...upkeepSettings,
  ...processSettings,
});
