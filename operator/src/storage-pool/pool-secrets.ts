import { randomBytes, randomUUID } from 'node:crypto';
import { poolNames } from '../cell/names.ts';
import type { Trouble } from '../cell/cell-observed.ts';
import { lacking } from '../cell/read-copied.ts';
import { kubeKinds } from '../kube-kinds.ts';
import { expectOk, type Api } from '../runtime/index.ts';
import { dataOf, textOf, type SecretObject } from '../secret.ts';
import type { PoolAccess } from './pool-access.ts';
import type { PoolMaster } from './pool-bucket.ts';
import type { StoragePoolSpec } from './pool.ts';

/** The keys by which a pool's server is used, or what is missing of them; neither where its spec names none. */
export type PoolCredentials = {
  readonly missing?: Trouble;
  readonly credentials?: Pick<PoolAccess, 'accessKey' | 'secretKey' | 'authority'>;
};

/** What was made for a pool, or undefined before. */
export async function readPoolMaster(api: Api, namespace: string, pool: string, signal: AbortSignal): Promise<PoolMaster | undefined> {
  const secret = await readSecret(api, namespace, poolNames(pool).master, signal);
  const { 'pool-id': poolId, 'root-user': rootUser, 'root-password': rootPassword } = secret === undefined ? {} : textOf(secret);
  return poolId && rootUser && rootPassword ? { poolId, rootUser, rootPassword } : undefined;
}

/** Makes what is made once for a pool; what is there stays. */
export async function makePoolMaster(api: Api, namespace: string, pool: string, signal: AbortSignal): Promise<void> {
  const metadata = { namespace, name: poolNames(pool).master, labels: { 'driftbox.io/master-of-pool': pool } };
  const values = {
    'pool-id': randomUUID(),
    'root-user': `driftbox-${randomBytes(6).toString('hex')}`,
    'root-password': randomBytes(32).toString('base64url'),
  };
  const secret: SecretObject = { apiVersion: 'v1', kind: 'Secret', metadata, type: 'Opaque', data: dataOf(values) };
  const answer = await api.create(kubeKinds.secret, secret, { signal });
  if (answer.kind !== 'alreadyExists') expectOk(answer, `making the Secret ${metadata.name}`);
}

/** The keys of the server that a spec names. */
export async function readCredentials(
  api: Api,
  namespace: string,
  { external }: StoragePoolSpec,
  signal: AbortSignal,
): Promise<PoolCredentials> {
  if (external === undefined) return {};
  const name = external.credentialsSecret;
  const field = 'spec.external.credentialsSecret';
  const secret = await readSecret(api, namespace, name, signal);
  if (secret === undefined)
    return { missing: { reason: 'ReferenceMissing', message: `${field}: there is no Secret ${name} in the operator's namespace` } };
  const { accessKey, secretKey } = textOf(secret);
  if (accessKey && secretKey) {
    const { missing, authority } = await readAuthority(api, namespace, external.authoritySecret, signal);
    return missing === undefined ? { credentials: { accessKey, secretKey, authority } } : { missing };
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

async function readSecret(api: Api, namespace: string, name: string, signal: AbortSignal): Promise<SecretObject | undefined> {
  const answer = await api.get<SecretObject>(kubeKinds.secret, { namespace, name }, { signal });
  return answer.kind === 'notFound' ? undefined : expectOk(answer, `reading the Secret ${name}`);
}
