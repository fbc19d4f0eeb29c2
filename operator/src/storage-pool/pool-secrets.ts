import { randomBytes, randomUUID } from 'node:crypto';
import { poolNames } from '../cell/names.ts';
import type { Trouble } from '../cell/cell-observed.ts';
import { lacking, readSecret } from '../cell/read-copied.ts';
import { kubeKinds } from '../kube-kinds.ts';
import { expectOk, type Api } from '../runtime/index.ts';
import { dataOf, textOf, type SecretObject } from '../secret.ts';
import type { PoolMaster } from './pool-bucket.ts';
import { readPoolCertificate, type PoolCertificate } from './pool-certificate.ts';
import type { PoolKeys } from './proven-keys.ts';
import type { StoragePoolSpec } from './pool.ts';

/** The keys by which a pool's server is used, or what is missing of those that its spec names; neither before ours were made. */
export type KeysSeen = {
  readonly missing?: Trouble;
  readonly keys?: PoolKeys;
  /** Of a MinIO of ours that speaks TLS. */
  readonly certificate?: PoolCertificate;
};

/**
 * In the Secret of a MinIO of ours that speaks TLS: `https`. It is said when that Secret is made, lies where the keys to the volumes do,
 * and is not there where an operator of 0.1.0 has made it: clients and nodes change from one to the other together, or do not meet.
 */
const schemeKey = 'scheme';

/** What was made for a pool, or undefined before. */
export async function readPoolMaster(api: Api, namespace: string, pool: string, signal: AbortSignal): Promise<PoolMaster | undefined> {
  const secret = await readSecret(api, namespace, poolNames(pool).master, signal);
  const text = secret === undefined ? {} : textOf(secret);
  const { 'pool-id': poolId, 'root-user': rootUser, 'root-password': rootPassword } = text;
  return poolId && rootUser && rootPassword ? { poolId, rootUser, rootPassword, byTls: text[schemeKey] === 'https' } : undefined;
}

/** Makes what is made once for a pool; what is there stays. `byTls`: of a MinIO of ours that is to speak TLS. */
export async function makePoolMaster(api: Api, namespace: string, pool: string, byTls: boolean, signal: AbortSignal): Promise<void> {
  const metadata = { namespace, name: poolNames(pool).master, labels: { 'driftbox.io/master-of-pool': pool } };
  const values = {
    'pool-id': randomUUID(),
    'root-user': `driftbox-${randomBytes(6).toString('hex')}`,
    'root-password': randomBytes(32).toString('base64url'),
    ...(byTls ? { [schemeKey]: 'https' } : {}),
  };
  const secret: SecretObject = { apiVersion: 'v1', kind: 'Secret', metadata, type: 'Opaque', data: dataOf(values) };
  const answer = await api.create(kubeKinds.secret, secret, { signal });
  if (answer.kind !== 'alreadyExists') expectOk(answer, `making the Secret ${metadata.name}`);
}

/** The keys of the server that a spec names, or of the MinIO that was made for it. */
export async function readPoolKeys(
  api: Api,
  namespace: string,
  pool: string,
  { external }: StoragePoolSpec,
  master: PoolMaster | undefined,
  signal: AbortSignal,
): Promise<KeysSeen> {
  if (external !== undefined) return readNamed(api, namespace, external, signal);
  if (master === undefined) return {};
  const { byTls, rootUser: accessKey, rootPassword: secretKey } = master;
  if (!byTls) return { keys: { accessKey, secretKey } };
  const certificate = await readPoolCertificate(api, namespace, pool, signal);
  return certificate === undefined ? {} : { keys: { accessKey, secretKey, authority: certificate.authority }, certificate };
}

async function readNamed(
  api: Api,
  namespace: string,
  external: NonNullable<StoragePoolSpec['external']>,
  signal: AbortSignal,
): Promise<KeysSeen> {
  const name = external.credentialsSecret;
  const field = 'spec.external.credentialsSecret';
  const secret = await readSecret(api, namespace, name, signal);
  if (secret === undefined)
    return { missing: { reason: 'ReferenceMissing', message: `${field}: there is no Secret ${name} in the operator's namespace` } };
  const { accessKey, secretKey } = textOf(secret);
  if (accessKey && secretKey) {
    const { missing, authority } = await readAuthority(api, namespace, external.authoritySecret, signal);
    return missing === undefined ? { keys: { accessKey, secretKey, authority } } : { missing };
  }
  const absent = [accessKey ? '' : 'accessKey', secretKey ? '' : 'secretKey'].filter((key) => key !== '').join(', ');
  return { missing: { reason: 'SecretIncomplete', message: `${field}: the Secret ${name} has no ${absent}` } };
}

async function readAuthority(
  api: Api,
  namespace: string,
  name: string | undefined,
  signal: AbortSignal,
): Promise<{ readonly missing?: Trouble | undefined; readonly authority?: string | undefined }> {
  if (name === undefined) return {};
  const secret = await readSecret(api, namespace, name, signal);
  const missing = lacking('spec.external.authoritySecret', name, secret, ['ca.crt']);
  return missing === undefined && secret !== undefined ? { authority: textOf(secret)['ca.crt'] } : { missing };
}
