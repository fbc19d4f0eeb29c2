import path from 'node:path';
import { ConfigError, defineConfig, type Loaded } from '@driftbox/service-kit';

/** A second pool that holds the same: rows that the table of a process with a pool includes. */
export const mirrorFolderSettings = defineConfig({
  DRIFTBOX_MIRROR_FOLDER: {
    type: 'string',
    optional: true,
    description: 'Folder on another disk that holds a second copy of every pack: either is read, and what one lacks is copied',
  },
});

/** Where packs lie, and where once more: rows that the table of the upload service includes. */
export const poolSettings = defineConfig({
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
  ...mirrorFolderSettings,
  DRIFTBOX_MIRROR_S3_ENDPOINT: {
    type: 'string',
    optional: true,
    description: 'S3 that holds a second copy of every pack, as DRIFTBOX_S3_ENDPOINT; or set DRIFTBOX_MIRROR_FOLDER',
  },
  DRIFTBOX_MIRROR_S3_BUCKET: { type: 'string', optional: true, description: 'Its bucket, which must exist' },
  DRIFTBOX_MIRROR_S3_PREFIX: { type: 'string', default: 'packs/', max: 300, description: 'As DRIFTBOX_S3_PREFIX' },
  DRIFTBOX_MIRROR_S3_REGION: { type: 'string', default: 'us-east-1', description: 'Its region' },
  DRIFTBOX_MIRROR_S3_ACCESS_KEY: { type: 'string', secret: true, optional: true, description: 'Access key with rights to that bucket' },
  DRIFTBOX_MIRROR_S3_SECRET_KEY: { type: 'string', secret: true, optional: true, description: 'Secret of that access key' },
});

/** One pool: in a folder of this machine, or in a bucket that all replicas share. */
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

/** The pool, and the second one that holds the same, if there is one. */
export type Pools = { readonly pool: PoolSettings; readonly mirror: PoolSettings | undefined };

type Given = Loaded<typeof poolSettings>;
/** A bucket as it was given, and how the settings that give it begin. */
type Bucket = {
  readonly name: string;
  readonly endpoint: string | undefined;
  readonly bucket: string | undefined;
  readonly prefix: string;
  readonly region: string;
  readonly accessKey: string | undefined;
  readonly secretKey: string | undefined;
};

/** Which pools are meant. Throws one `ConfigError` with all that is missing, or where there is no pool, two, or one twice. */
export function readPools({ config, secrets }: Given): Pools {
  const { DRIFTBOX_POOL_FOLDER: folder, DRIFTBOX_S3_ENDPOINT: endpoint } = config;
  const { DRIFTBOX_MIRROR_FOLDER: mirrorFolder, DRIFTBOX_MIRROR_S3_ENDPOINT: mirrorEndpoint } = config;
  if ((folder === undefined) === (endpoint === undefined)) {
    throw new ConfigError(['set either DRIFTBOX_S3_ENDPOINT, for a pool in a bucket, or DRIFTBOX_POOL_FOLDER, for one on disk']);
  }
  if (mirrorFolder !== undefined && mirrorEndpoint !== undefined) {
    throw new ConfigError(['set DRIFTBOX_MIRROR_S3_ENDPOINT or DRIFTBOX_MIRROR_FOLDER, not both: there is one mirror']);
  }
  const problems: string[] = [];
  const bucketAt = (bucket: Bucket): PoolSettings => {
    const { name, endpoint: at = '', prefix, region } = bucket;
    const needed = (what: string, value: string | undefined): string => {
      if (value === undefined) problems.push(`${name}_${what} is missing: ${name}_ENDPOINT needs it`);
      return value ?? '';
    };
    const url = URL.parse(at);
    if (url === null || !/^https?:$/.test(url.protocol) || url.pathname !== '/') {
      problems.push(`${name}_ENDPOINT must be an address without path, such as https://s3.example.com:9000`);
    }
    if (!/^([A-Za-z0-9._-]+\/)+$/.test(prefix)) {
      problems.push(`${name}_PREFIX must be letters, digits, dots, hyphens and slashes, and end with a slash, such as cell-one/packs/`);
    }
    return {
      kind: 's3',
      endpoint: at,
      bucket: needed('BUCKET', bucket.bucket),
      prefix,
      region,
      accessKey: needed('ACCESS_KEY', bucket.accessKey),
      secretKey: needed('SECRET_KEY', bucket.secretKey),
      maxConnections: config.DRIFTBOX_S3_CONNECTIONS,
    };
  };
  const poolAt = (disk: string | undefined, bucket: Bucket): PoolSettings =>
    disk === undefined ? bucketAt(bucket) : { kind: 'disk', folder: disk };
  const pool = poolAt(folder, {
    name: 'DRIFTBOX_S3',
    endpoint,
    bucket: config.DRIFTBOX_S3_BUCKET,
    prefix: config.DRIFTBOX_S3_PREFIX,
    region: config.DRIFTBOX_S3_REGION,
    accessKey: secrets.DRIFTBOX_S3_ACCESS_KEY,
    secretKey: secrets.DRIFTBOX_S3_SECRET_KEY,
  });
  const second = {
    name: 'DRIFTBOX_MIRROR_S3',
    endpoint: mirrorEndpoint,
    bucket: config.DRIFTBOX_MIRROR_S3_BUCKET,
    prefix: config.DRIFTBOX_MIRROR_S3_PREFIX,
    region: config.DRIFTBOX_MIRROR_S3_REGION,
    accessKey: secrets.DRIFTBOX_MIRROR_S3_ACCESS_KEY,
    secretKey: secrets.DRIFTBOX_MIRROR_S3_SECRET_KEY,
  };
  const hasMirror = mirrorFolder !== undefined || mirrorEndpoint !== undefined;
  const mirror = hasMirror ? poolAt(mirrorFolder, second) : undefined;
  if (problems.length > 0) throw new ConfigError(problems);
  return inTwoPlaces({ pool, mirror });
}

/** The same pools. Throws a `ConfigError` where the mirror is the pool itself. */
export function inTwoPlaces(pools: Pools): Pools {
  if (pools.mirror !== undefined && placeOf(pools.mirror) === placeOf(pools.pool))
    throw new ConfigError(['the mirror is where the pool is: a second copy is to lie elsewhere']);
  return pools;
}

function placeOf(pool: PoolSettings): string {
  return pool.kind === 'disk' ? path.resolve(pool.folder) : `${pool.endpoint} ${pool.bucket} ${pool.prefix}`;
}
