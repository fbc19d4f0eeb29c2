import type { PoolAccess } from './pool-access.ts';
import { minioHost } from './pool-certificate.ts';
import type { PoolKeys } from './proven-keys.ts';
import type { StoragePoolSpec } from './pool.ts';

/** What was made once for a pool: its id, which marks its bucket, and for a MinIO of ours the way in. */
export type PoolMaster = {
  readonly poolId: string;
  readonly rootUser: string;
  readonly rootPassword: string;
  /** Whether a MinIO of ours speaks TLS, for its one port speaks nothing else then. */
  readonly byTls: boolean;
};

/** The one bucket of a MinIO of ours. */
const bundledBucket = 'driftbox';

/** Where packs of a pool lie, and by whose keys; undefined before these are known. */
export function poolBucket(
  pool: string,
  spec: StoragePoolSpec,
  { byTls }: Pick<PoolMaster, 'byTls'>,
  keys: PoolKeys | undefined,
): PoolAccess | undefined {
  if (keys === undefined) return undefined;
  if (spec.external === undefined) {
    const endpoint = `${byTls ? 'https' : 'http'}://${minioHost(pool)}:9000`;
    return { pool, endpoint, bucket: bundledBucket, prefix: '', region: 'us-east-1', ...keys, isBundled: true };
  }
  const { endpoint, bucket, prefix, region } = spec.external;
  return { pool, endpoint, bucket, prefix: prefix === undefined ? '' : `${prefix}/`, region, ...keys, isBundled: false };
}
