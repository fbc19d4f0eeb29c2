import { certifyNames, isGoodFor, makeAuthority, type Certified } from '../cell/cell-authority.ts';
import { poolNames } from '../cell/names.ts';
import { readSecret } from '../cell/read-copied.ts';
import { kubeKinds } from '../kube-kinds.ts';
import { expectOk, type Api } from '../runtime/index.ts';
import { dataOf, textOf, type SecretObject } from '../secret.ts';

/** By what callers know the MinIO of a pool: an authority that certifies nothing else, in PEM, and what it has certified. */
export type PoolCertificate = Certified & { readonly authority: string };

/** Where the MinIO of a pool answers. */
export function minioHost(pool: string): string {
  const { release, namespace } = poolNames(pool);
  return `${release}-minio-s3.${namespace}.svc`;
}

/** Where its nodes find one another: each by its own name. */
function nodeHost(pool: string, node: string): string {
  const { release, namespace } = poolNames(pool);
  return `${node}.${release}-minio.${namespace}.svc`;
}

/** What a pool's MinIO has; undefined before it was made, or where a part of it is missing. Throws `ApiRefused` where it cannot tell. */
export async function readPoolCertificate(
  api: Api,
  namespace: string,
  pool: string,
  signal: AbortSignal,
): Promise<PoolCertificate | undefined> {
  const secret = await readSecret(api, namespace, poolNames(pool).certificate, signal);
  const { 'ca.crt': authority, 'tls.crt': certificate, 'tls.key': key } = secret === undefined ? {} : textOf(secret);
  return authority && certificate && key ? { authority, certificate, key } : undefined;
}

/** True while it is the authority's, for the names of this pool's MinIO, and good for long enough. */
export function isGoodForPool(pool: string, { certificate, authority }: PoolCertificate, epochMs: number): boolean {
  return isGoodFor(certificate, authority, [minioHost(pool), nodeHost(pool, `${poolNames(pool).release}-minio-0`)], epochMs);
}

/** Certifies a pool's MinIO, by the authority of before if there is one, which pods of cells know since they began. Throws `ApiRefused`. */
export async function certifyPool(api: Api, namespace: string, pool: string, epochMs: number, signal: AbortSignal): Promise<void> {
  const metadata = { namespace, name: poolNames(pool).certificate, labels: { 'driftbox.io/certificate-of-pool': pool } };
  const found = await readSecret(api, namespace, metadata.name, signal);
  const { 'ca.crt': certificate, 'ca.key': key } = found === undefined ? {} : textOf(found);
  const authority = certificate && key ? { certificate, key } : await makeAuthority(`pool ${pool}`, epochMs);
  const leaf = await certifyNames(authority, [minioHost(pool), nodeHost(pool, '*')], epochMs);
  const data = dataOf({ 'ca.crt': authority.certificate, 'ca.key': authority.key, 'tls.crt': leaf.certificate, 'tls.key': leaf.key });
  const secret: SecretObject = { apiVersion: 'v1', kind: 'Secret', metadata, type: 'Opaque', data };
  if (found !== undefined) expectOk(await api.replace(kubeKinds.secret, { ...found, data }, { signal }), 'certifying its MinIO anew');
  else expectOk(await api.create(kubeKinds.secret, secret, { signal }), 'certifying its MinIO');
}
