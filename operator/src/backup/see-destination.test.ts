import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { expectOk, type Api, type KubeObject } from '../runtime/index.ts';
import { certifyPool } from '../storage-pool/pool-certificate.ts';
import { makePoolMaster } from '../storage-pool/pool-secrets.ts';
import { poolResource } from '../storage-pool/pool.ts';
import { serveApi, type ServedApi } from '../testing/serve-api.ts';
import { backupJob } from './backup-job.ts';
import { seeDestination } from './see-destination.ts';

const signal = new AbortController().signal;

let served: ServedApi;
let api: Api;
beforeEach(async () => {
  served = await serveApi();
  ({ api } = served);
  const spec = { bundled: { nodes: 1, drivesPerNode: 1, parity: 0, driveSize: '1Gi' } };
  const pool = { apiVersion: 'driftbox.io/v1alpha1', kind: 'StoragePool', metadata: { name: 'main' }, spec };
  expectOk(await api.create<KubeObject>(poolResource, pool), 'making a pool');
});
afterEach(() => served.close());

const see = () => seeDestination(api, 'ops', { pool: 'main' }, signal);
const endpoint = 'pool-main-minio-s3.driftbox-pool-main.svc:9000';

test('a MinIO without TLS is reached as it was', async () => {
  await makePoolMaster(api, 'ops', 'main', false, signal);
  const seen = await see();
  expect(seen).toMatchObject({ bucket: { endpoint: `http://${endpoint}`, prefix: 'backups/', credentials: { secret: 'pool-main' } } });
  expect(seen).not.toHaveProperty('bucket.authoritySecret', expect.anything());
});

test('one by TLS once it is certified, and the Job gets the authority alone, without its key', async () => {
  await makePoolMaster(api, 'ops', 'main', true, signal);
  expect(await see()).toHaveProperty('missing.reason', 'ReferenceMissing');
  await certifyPool(api, 'ops', 'main', Date.now(), signal);
  const seen = await see();
  expect(seen).toMatchObject({ bucket: { endpoint: `https://${endpoint}`, bucket: 'driftbox', authoritySecret: 'tls-pool-main' } });
  if (!('bucket' in seen)) throw new Error('no bucket');
  const job = backupJob({
    namespace: 'ops',
    owner: { kind: 'TenantBackup', name: 'one', uid: 'u' },
    task: 'create',
    tenantId: 't',
    point: 'p',
    bucket: seen.bucket,
    keySecret: 'key',
    version: { version: '0.2.0', images: {}, charts: {} as never },
    images: { registry: '', pullSecrets: [] },
  });
  const secret = { secretName: 'tls-pool-main', defaultMode: 0o440, items: [{ key: 'ca.crt', path: 'ca.crt' }] };
  expect(job).toMatchObject({ spec: { template: { spec: { volumes: expect.arrayContaining([{ name: 'authority', secret }]) } } } });
});
