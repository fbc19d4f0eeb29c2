import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { poolNames, secretNames } from '../cell/names.ts';
import { kubeKinds } from '../kube-kinds.ts';
import { expectOk, type Api } from '../runtime/index.ts';
import { textOf, type SecretObject } from '../secret.ts';
import { serveApi, type ServedApi } from '../testing/serve-api.ts';
import { poolBucket } from './pool-bucket.ts';
import { certifyPool, isGoodForPool, readPoolCertificate } from './pool-certificate.ts';
import { makePoolMaster, readPoolKeys, readPoolMaster } from './pool-secrets.ts';
import { poolRelease, poolSecrets, type BundledPool } from './pool-release.ts';
import type { StoragePoolSpec } from './pool.ts';

const signal = new AbortController().signal;
const dayMs = 86_400_000;
const now = Date.now();
const host = 'pool-main-minio-s3.driftbox-pool-main.svc';

let served: ServedApi;
let api: Api;
beforeEach(async () => {
  served = await serveApi();
  ({ api } = served);
});
afterEach(() => served.close());

const bundled = { nodes: 4, drivesPerNode: 1, parity: 1, driveSize: '1Ti' };
const spec = { bundled } as StoragePoolSpec;

const read = async () => {
  const found = await readPoolCertificate(api, 'ops', 'main', signal);
  assert(found !== undefined);
  return found;
};
const certify = (epochMs: number): Promise<void> => certifyPool(api, 'ops', 'main', epochMs, signal);
/** Where cells find the pool. */
const seen = async () => {
  const master = await readPoolMaster(api, 'ops', 'main', signal);
  assert(master !== undefined);
  const { keys } = await readPoolKeys(api, 'ops', 'main', spec, master, signal);
  return poolBucket('main', spec, master, keys);
};

test('the MinIO of a pool is certified for its Service and its nodes, and anew by the same authority when a month is left', async () => {
  expect(await readPoolCertificate(api, 'ops', 'main', signal)).toBeUndefined();
  await certify(now);
  const first = await read();
  const leaf = new X509Certificate(first.certificate);
  expect(leaf.verify(new X509Certificate(first.authority).publicKey)).toBe(true);
  for (const name of [host, 'pool-main-minio-3.pool-main-minio.driftbox-pool-main.svc']) expect(leaf.checkHost(name)).toBeDefined();
  expect(leaf.checkHost('pool-main-minio-3.pool-main-minio.driftbox-pool-other.svc')).toBeUndefined();
  expect([0, 59, 61].map((days) => isGoodForPool('main', first, now + days * dayMs))).toEqual([true, true, false]);
  expect(isGoodForPool('other', first, now)).toBe(false);
  await certify(now + 61 * dayMs);
  const second = await read();
  expect(second.authority).toBe(first.authority);
  expect(second.key).not.toBe(first.key);
  expect(isGoodForPool('main', second, now + 61 * dayMs)).toBe(true);
});

test('a pool begins by TLS or without, stays so, and is reached by TLS once it is certified', async () => {
  await makePoolMaster(api, 'ops', 'main', true, signal);
  await makePoolMaster(api, 'ops', 'main', false, signal);
  expect(await seen()).toBeUndefined();
  await certify(now);
  const { authority } = await read();
  expect(await seen()).toMatchObject({ endpoint: `https://${host}:9000`, bucket: 'driftbox', authority, isBundled: true });

  expectOk(await api.delete(kubeKinds.secret, { namespace: 'ops', name: poolNames('main').master }), 'losing it');
  await makePoolMaster(api, 'ops', 'main', false, signal);
  const plain = await seen();
  expect(plain).toMatchObject({ endpoint: `http://${host}:9000`, bucket: 'driftbox', isBundled: true });
  expect(plain).not.toHaveProperty('authority');
});

test('the key of the authority stays where the operator is; another authority starts the nodes anew', async () => {
  await certify(now);
  const certificate = await read();
  const chart = { folder: '', digest: 'chart' };
  const charts = { 'driftbox-cell': chart, 'driftbox-backends': chart };
  const pool: BundledPool = {
    name: 'main',
    bundled,
    master: { poolId: 'i', rootUser: 'u', rootPassword: 'p', byTls: true },
    certificate,
    version: { version: '0.2.0', images: {}, charts },
    images: { registry: '', pullSecrets: [] },
    pullSecrets: [],
    operatorNamespace: 'ops',
  };
  const inPods = poolSecrets(pool).find(({ metadata }) => metadata.name === secretNames.innerTls) as SecretObject;
  expect(textOf(inPods)).toEqual({
    'ca.crt': certificate.authority,
    'minio.crt': certificate.certificate,
    'minio.key': certificate.key,
  });
  const revisionOf = (one: BundledPool): unknown => (poolRelease(one).values as { secrets: { revision: string } }).secrets.revision;
  expect(poolRelease(pool).values).toMatchObject({ minio: { tls: true }, secrets: { innerTls: secretNames.innerTls } });
  await certify(now + 61 * dayMs);
  expect(revisionOf({ ...pool, certificate: await read() })).toBe(revisionOf(pool));
  expect(revisionOf({ ...pool, certificate: { ...certificate, authority: 'another' } })).not.toBe(revisionOf(pool));
});
