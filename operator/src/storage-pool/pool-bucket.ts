import { poolNames } from '../cell/names.ts';
import type { PoolAccess } from './pool-access.ts';
import type { StoragePoolSpec } from './pool.ts';

/** What was made once for a pool: its id, which marks its bucket, and for a MinIO of ours the way in. */
export type PoolMaster = { readonly poolId: string; readonly rootUser: string; readonly rootPassword: string };

/** The one bucket of a MinIO of ours. */
const bundledBucket = 'driftbox';

/** Where packs of a pool lie, and by whose keys. `credentials` are those that its spec names. */
export function poolBucket(
  pool: string,
  spec: StoragePoolSpec,
  master: PoolMaster,
  credentials: Pick<PoolAccess, 'accessKey' | 'secretKey' | 'authority'> | undefined,
): PoolAccess | undefined {
  if (spec.external === undefined) {
    const { release, namespace } = poolNames(pool);
    const endpoint = `http://${release}-minio-s3.${namespace}.svc:9000`;
    const { rootUser: accessKey, rootPassword: secretKey } = master;
    return { pool, endpoint, bucket: bundledBucket, prefix: '', region: 'us-east-1', accessKey, secretKey, isBundled: true };
  }
  if (credentials === undefined) return undefined;
  const { endpoint, bucket, prefix, region } = spec.external;
  return { pool, endpoint, bucket, prefix: prefix === undefined ? '' : `${prefix}/`, region, ...credentials, isBundled: false };
}
