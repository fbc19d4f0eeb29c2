import {
  ConfigError,
  databaseSettings,
  defineConfig,
  type Loaded,
  serviceKeySettings,
  tenantMetricSettings,
  tracingSettings,
} from '@driftbox/service-kit';
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
  ...databaseSettings,
  DRIFTBOX_UPLOAD_CONNECTIONS: { type: 'int', default: 10, min: 2, max: 200, description: 'Database connections of this process' },
  DRIFTBOX_POOL_FOLDER: {
    type: 'string',
    optional: true,
    description: 'Folder of a pool on disk, for one process alone; or set DRIFTBOX_S3_ENDPOINT',
  },
  DRIFTBOX_S3_ENDPOINT: { type: 'string', optional: true, description: 'S3 that holds the pool, as https://host:port' },
  DRIFTBOX_S3_BUCKET: { type: 'string', optional: true, description: 'Its bucket, which must exist' },
  DRIFTBOX_S3_PREFIX: {
    type: 'string',
    default: 'packs/',
    max: 300,
    description: 'In front of the names of its objects there, so that several cells may share a bucket; ends with a slash',
  },
  DRIFTBOX_S3_REGION: { type: 'string', default: 'us-east-1', description: 'Its region' },
  DRIFTBOX_S3_ACCESS_KEY: { type: 'string', secret: true, optional: true, description: 'Access key with rights to the bucket' },
  DRIFTBOX_S3_SECRET_KEY: { type: 'string', secret: true, optional: true, description: 'Secret of that access key' },
  DRIFTBOX_S3_CONNECTIONS: { type: 'int', default: 32, min: 1, max: 1_000, description: 'Most connections of one process to S3' },
  DRIFTBOX_KEY_FILE: {
    type: 'string',
    optional: true,
    description: 'File of the key-encryption keys, made when there is no tenant yet; or set DRIFTBOX_TRANSIT_URL',
  },
  ...transitSettings,
  DRIFTBOX_METADATA_URL: { type: 'string', description: 'Internal address of the metadata service' },
  DRIFTBOX_AUTH_URL: { type: 'string', description: 'Internal address of the auth service: published keys and revocations' },
  ...serviceKeySettings,
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
    values: ['fatal', 'error', 'warn', 'info', 'debug', 'trace'],
    default: 'info',
    description: 'Least severe lines to log',
  },
});

/** Where packs lie: in a folder of this machine, or in a bucket that all replicas share. */
export type PoolSettings =
  | { readonly kind: 'disk'; readonly folder: string }
  | {
      readonly kind: 's3';
      readonly endpoint: string;
      readonly bucket: string;
      readonly prefix: string;
      readonly region: string;
      readonly accessKey: string;
      readonly secretKey: string;
      readonly maxConnections: number;
    };

/** Which pool is meant. Throws one `ConfigError` with all that is missing, or where none or two are. */
export function readPool({ config, secrets }: Loaded<typeof configTable>): PoolSettings {
  const { DRIFTBOX_POOL_FOLDER: folder, DRIFTBOX_S3_ENDPOINT: endpoint, DRIFTBOX_S3_BUCKET: bucket } = config;
  const { DRIFTBOX_S3_ACCESS_KEY: accessKey, DRIFTBOX_S3_SECRET_KEY: secretKey } = secrets;
  if ((folder === undefined) === (endpoint === undefined)) {
    throw new ConfigError(['set either DRIFTBOX_S3_ENDPOINT, for a pool in a bucket, or DRIFTBOX_POOL_FOLDER, for one on disk']);
  }
  if (folder !== undefined) return { kind: 'disk', folder };
  const problems: string[] = [];
  const needed = (name: string, value: string | undefined): string => {
    if (value === undefined) problems.push(`${name} is missing: DRIFTBOX_S3_ENDPOINT needs it`);
    return value ?? '';
  };
  const url = URL.parse(needed('DRIFTBOX_S3_ENDPOINT', endpoint));
  if (url === null || !/^https?:$/.test(url.protocol) || url.pathname !== '/') {
    problems.push('DRIFTBOX_S3_ENDPOINT must be an address without path, such as https://s3.example.com:9000');
  }
  if (!/^([A-Za-z0-9._-]+\/)+$/.test(config.DRIFTBOX_S3_PREFIX)) {
    problems.push('DRIFTBOX_S3_PREFIX must be letters, digits, dots, hyphens and slashes, and end with a slash, such as cell-one/packs/');
  }
  const pool = {
    kind: 's3' as const,
    endpoint: endpoint ?? '',
    bucket: needed('DRIFTBOX_S3_BUCKET', bucket),
    prefix: config.DRIFTBOX_S3_PREFIX,
    region: config.DRIFTBOX_S3_REGION,
    accessKey: needed('DRIFTBOX_S3_ACCESS_KEY', accessKey),
    secretKey: needed('DRIFTBOX_S3_SECRET_KEY', secretKey),
    maxConnections: config.DRIFTBOX_S3_CONNECTIONS,
  };
  if (problems.length > 0) throw new ConfigError(problems);
  return pool;
}
