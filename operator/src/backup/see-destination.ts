import { storagePoolKind, type BackupPlace } from '@driftbox/resources';
import type { Trouble } from '../cell/cell-observed.ts';
import { poolNames } from '../cell/names.ts';
import { lacking, readSecret } from '../cell/read-copied.ts';
import { judgedSpec } from '../judged-spec.ts';
import { expectOk, type Api } from '../runtime/index.ts';
import { poolBucket } from '../storage-pool/pool-bucket.ts';
import { readPoolMaster } from '../storage-pool/pool-secrets.ts';
import { poolResource, type Pool, type StoragePoolSpec } from '../storage-pool/pool.ts';

/** A bucket that backups are kept in, with the places of its keys. */
export type BackupBucket = {
  readonly endpoint: string;
  readonly bucket: string;
  /** Empty, or ending with a slash. */
  readonly prefix: string;
  readonly region: string;
  /** A Secret of the operator's namespace, and its keys. */
  readonly credentials: { readonly secret: string; readonly accessKey: string; readonly secretKey: string };
  readonly authoritySecret?: string | undefined;
};

/** What is to be known of where a backup is kept, or what is missing. */
export type DestinationSeen = { readonly bucket: BackupBucket } | { readonly missing: Trouble };

const field = 'spec.destination';

/** Looks up where backups are kept. Throws `ApiRefused` where the API server does not say. */
export async function seeDestination(
  api: Api,
  namespace: string,
  { s3, pool }: BackupPlace['destination'],
  signal: AbortSignal,
): Promise<DestinationSeen> {
  const found = s3 === undefined ? await poolSeen(api, namespace, pool ?? '', signal) : bucketOf(s3);
  if ('missing' in found) return found;
  const { secret, accessKey, secretKey } = found.bucket.credentials;
  const missing =
    lacking(field, secret, await readSecret(api, namespace, secret, signal), [accessKey, secretKey]) ??
    (await lackingAuthority(api, namespace, found.bucket.authoritySecret, signal));
  return missing === undefined ? found : { missing };
}

function bucketOf(s3: NonNullable<BackupPlace['destination']['s3']>): { readonly bucket: BackupBucket } {
  const { endpoint, bucket, prefix, region, credentialsSecret: secret, authoritySecret } = s3;
  const credentials = { secret, accessKey: 'accessKey', secretKey: 'secretKey' };
  return { bucket: { endpoint, bucket, prefix: prefix === undefined ? '' : `${prefix}/`, region, credentials, authoritySecret } };
}

async function poolSeen(api: Api, namespace: string, name: string, signal: AbortSignal): Promise<DestinationSeen> {
  const answer = await api.get<Pool>(poolResource, { name }, { signal });
  if (answer.kind === 'notFound')
    return { missing: { reason: 'ReferenceMissing', message: `${field}.pool: there is no StoragePool ${name}` } };
  const judged = judgedSpec<StoragePoolSpec>(storagePoolKind, expectOk(answer, `reading the StoragePool ${name}`));
  if (!judged.ok) return { missing: { reason: 'ReferenceMissing', message: `StoragePool ${name}: ${judged.faults.join('; ')}` } };
  const { external } = judged.spec;
  const byTls = (await readPoolMaster(api, namespace, name, signal))?.byTls === true;
  const access = poolBucket(name, judged.spec, { byTls }, { accessKey: '', secretKey: '' });
  const { master, certificate } = poolNames(name);
  const credentials =
    external === undefined
      ? { secret: master, accessKey: 'root-user', secretKey: 'root-password' }
      : { secret: external.credentialsSecret, accessKey: 'accessKey', secretKey: 'secretKey' };
  const authoritySecret = external === undefined && byTls ? certificate : external?.authoritySecret;
  const { endpoint = '', bucket = '', prefix = '', region = '' } = access ?? {};
  return { bucket: { endpoint, bucket, prefix: `${prefix}backups/`, region, credentials, authoritySecret } };
}

async function lackingAuthority(
  api: Api,
  namespace: string,
  secret: string | undefined,
  signal: AbortSignal,
): Promise<Trouble | undefined> {
  return secret === undefined ? undefined : lacking(field, secret, await readSecret(api, namespace, secret, signal), ['ca.crt']);
}
