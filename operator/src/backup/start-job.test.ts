import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { kubeKinds } from '../kube-kinds.ts';
import { expectOk, type Api, type KubeObject } from '../runtime/index.ts';
import { serveApi, type ServedApi } from '../testing/serve-api.ts';
import { observedBackup } from '../testing/observed-backup.ts';
import { backupJob, backupJobName } from './backup-job.ts';
import { executeBackup, startJob, type ExecuteParts } from './execute-backup.ts';
import { seeJob } from './see-job.ts';
import { backupResource } from './tenant-backup.ts';

const signal = new AbortController().signal;
const tenantId = '11111111-1111-4111-8111-111111111111';
const version = { version: '0.1.0', images: { services: 'sha256:0' }, charts: {} as never };
const bucket = { endpoint: 'http://s3:9000', bucket: 'b', prefix: '', region: 'r' };
const input = {
  task: 'create',
  tenantId,
  point: 'p',
  bucket: { ...bucket, credentials: { secret: 's3', accessKey: 'accessKey', secretKey: 'secretKey' } },
  keySecret: 'key',
  cell: 'eu',
  version,
  images: { registry: '', pullSecrets: [] },
} as const;

let served: ServedApi;
let api: Api;
let parts: ExecuteParts;
beforeEach(async () => {
  served = await serveApi();
  ({ api } = served);
  parts = { api, operatorNamespace: 'operators', catalogue: [version], images: input.images };
});
afterEach(() => served.close());

const make = async (name: string): Promise<KubeObject> => {
  const object = { ...observedBackup().backup, metadata: { name } };
  return expectOk(await api.create<KubeObject>(backupResource, object), 'making a backup');
};
const seen = ({ metadata }: KubeObject) => seeJob(api, 'operators', tenantId, metadata.uid ?? '', signal);
const jobNow = () => api.get<KubeObject>(kubeKinds.job, { namespace: 'operators', name: backupJobName(tenantId) });

test('of two objects that start a Job at once for one tenant, one has it, and the other sees who', async () => {
  const [one, two] = [await make('one'), await make('two')];
  for (const object of [one, two]) await startJob(parts, backupResource, object, input, signal);
  expect(await seen(one)).toEqual({ kind: 'running', task: 'create' });
  expect(await seen(two)).toEqual({ kind: 'others', who: 'TenantBackup one' });
});

test('no Job is started for an object that is gone, or has changed since it was decided on', async () => {
  const known = await make('one');
  const labels = { changed: 'since' };
  const now = expectOk(await api.replace(backupResource, { ...known, metadata: { ...known.metadata, labels } }), 'changing it');
  await startJob(parts, backupResource, known, input, signal);
  expect((await jobNow()).kind).toBe('notFound');
  expectOk(await api.delete(backupResource, { name: 'one' }), 'deleting it');
  await startJob(parts, backupResource, now, input, signal);
  expect((await jobNow()).kind).toBe('notFound');
});

test('a cell whose version speaks TLS inside is asked by it, and its keys stay out of the Job', () => {
  const owner = { kind: 'TenantBackup', name: 'one', uid: 'u' };
  const of = (running: string): string =>
    JSON.stringify(backupJob({ ...input, namespace: 'operators', owner, version: { ...version, version: running } }));
  const [before, after] = [of('0.1.0'), of('0.2.0')];
  expect(before).toContain('auth=http://eu-auth.driftbox-cell-eu.svc:9090,');
  expect(before).not.toContain('inner-eu');
  expect(after).toContain('auth=https://eu-auth.driftbox-cell-eu.svc:9443,');
  expect(after).toContain('"secretName":"inner-eu","defaultMode":288,"items":[{"key":"ca.crt","path":"ca.crt"}]');
  expect(after).toContain('{"name":"DRIFTBOX_TLS_AUTHORITY_FILE","value":"/etc/driftbox/inner/ca.crt"}');
});

test('a backup key that is there is never written over', async () => {
  const observed = observedBackup();
  const place = { namespace: 'operators', name: 'driftbox-backup-key' };
  await executeBackup(parts, observed, 'makeKey', signal);
  const first = expectOk(await api.get(kubeKinds.secret, place), 'reading the key');
  await executeBackup(parts, observed, 'makeKey', signal);
  expect(await api.get(kubeKinds.secret, place)).toEqual({ kind: 'ok', value: first });
  expect(JSON.stringify(first)).not.toContain('ownerReferences');
});

test('a Job has nothing secret in the open, and its pod is as restricted as pods of cells', async () => {
  await startJob(parts, backupResource, await make('one'), input, signal);
  const { spec } = expectOk(await jobNow(), 'reading the Job') as KubeObject & {
    readonly spec: { readonly template: { readonly spec: object } };
  };
  expect(spec.template.spec).toMatchObject({
    automountServiceAccountToken: false,
    securityContext: { runAsNonRoot: true, fsGroup: 65_532, seccompProfile: { type: 'RuntimeDefault' } },
    containers: [
      {
        image: 'driftbox/services@sha256:0',
        env: expect.arrayContaining([
          { name: 'DRIFTBOX_BACKUP_KEY', valueFrom: { secretKeyRef: { name: 'key', key: 'key' } } },
          { name: 'DRIFTBOX_SERVICE_KEY', valueFrom: { secretKeyRef: { name: 'cell-eu', key: 'service-key' } } },
          { name: 'DRIFTBOX_BACKUP_S3_SECRET_KEY', valueFrom: { secretKeyRef: { name: 's3', key: 'secretKey' } } },
        ]),
        securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } },
      },
    ],
  });
});
