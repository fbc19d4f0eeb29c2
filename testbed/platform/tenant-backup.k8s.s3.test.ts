import { createS3Bucket } from '@driftbox/chunk-store';
import type { KubeObject, Operator } from '@driftbox/operator';
import { storagePoolKind, tenantBackupKind, tenantBackupScheduleKind, tenantKind, tenantRestoreKind, type Kind } from '@driftbox/resources';
import { testComponent, waitFor } from '@driftbox/testkit';
import { routes } from '@driftbox/protocol';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Registry } from 'prom-client';
import { putFiles, type ApiUser } from '../src/api-user.ts';
import { serviceKeyOf } from '../src/add-tenant.ts';
import { openCell, type CellOfTest } from './cell-of-test.ts';
import { openCluster, type ClusterOfTest } from './cluster-of-test.ts';
import { runJobs, type JobRunner } from './job-runner.ts';
import { startOperator } from './operator-of-test.ts';
import { endTenant, invitationOf, signIn, signUp, waitUntilSaid } from './tenant-of-test.ts';

type Status = {
  readonly conditions?: readonly { readonly type: string; readonly status: string; readonly reason: string; readonly message: string }[];
  readonly [field: string]: unknown;
};

let cluster: ClusterOfTest;
let cell: CellOfTest;
let operator: Operator;
const registry = new Registry();
let jobs: JobRunner;
let ada: ApiUser;
const chart = { folder: '/nowhere', digest: '' };
const version = { version: '0.1.0', images: { services: 'sha256:0' }, charts: { 'driftbox-cell': chart, 'driftbox-backends': chart } };
/** By how much the operator's clock is ahead. */
let aheadMs = 0;
const making = {
  catalogue: [version],
  helm: { command: '/nowhere', kubeconfig: undefined },
  images: { registry: '', pullSecrets: [] },
  wallMs: () => Date.now() + aheadMs,
};

const full = (name: string): string => `${name}-${cluster.namespace.slice(5)}`;
const hostOf = (name: string): string => `${full(name)}.${cell.domain}`;
const destination = () => ({ s3: { ...at(), credentialsSecret: 's3' } });
const at = () => ({
  endpoint: testComponent('s3').endpoint,
  bucket: cluster.namespace,
  prefix: 'backups',
  region: testComponent('s3').region,
});

beforeAll(async () => {
  cluster = await openCluster();
  cell = await openCell(cluster);
  const { internal = {} } = cell.server.process();
  const addresses = Object.entries(internal).map(([service, address]) => `${service}=${address}`);
  jobs = runJobs(cluster.api, cluster.namespace, { DRIFTBOX_BACKUP_INTERNAL: addresses.join(','), DRIFTBOX_TLS_AUTHORITY_FILE: '' });
  const { accessKey, secretKey } = testComponent('s3');
  await createS3Bucket({ ...testComponent('s3'), bucket: cluster.namespace });
  await cluster.applySecret('s3', { accessKey, secretKey });
  await cluster.applySecret(`cell-${cell.name}`, { 'service-key': await serviceKeyOf(cell.server.dataFolder) });
  operator = startOperator(cluster, cell, { making, registry });
  await makeTenant('acme');
  await waitUntilSaid(cluster, full('acme'), 'Ready=True/Succeeded');
  ada = await signUp(cell, hostOf('acme'), await invitationOf(cluster, full('acme')));
  await putFiles(ada, [{ name: 'boat', bytes: Buffer.from('before the backup') }]);
}, 180_000);
afterAll(async () => {
  await operator.stop();
  await jobs[Symbol.asyncDispose]();
  await cell[Symbol.asyncDispose]();
  await cluster[Symbol.asyncDispose]();
}, 60_000);

async function makeTenant(name: string, spec: object = {}): Promise<void> {
  const isolation = { shared: { cell: cell.name } };
  await cluster.apply(tenantKind, full(name), { hosts: [hostOf(name)], isolation, firstAdministrator: {}, ...spec });
}

const statusOf = async (kind: Kind, name: string): Promise<Status> =>
  (await cluster.get<KubeObject & { readonly status?: Status }>(kind, name))?.status ?? {};

/** Waits until a condition of an object says this; answers its status. */
async function said(kind: Kind, name: string, type: string, wanted: string): Promise<Status> {
  let last: Status = {};
  const isSaid = async (): Promise<boolean> => {
    last = await statusOf(kind, name);
    return last.conditions?.some((one) => one.type === type && `${one.status}/${one.reason}` === wanted) === true;
  };
  await waitFor(isSaid, { deadlineMs: 60_000, what: `${kind.kind} ${name}: ${wanted}` }).catch((cause: unknown) => {
    throw new Error(`${kind.kind} ${name} is ${JSON.stringify(last)}; runs: ${jobs.runs.join(', ')}`, { cause });
  });
  return last;
}

const messageOf = ({ conditions }: Status, type: string): string => conditions?.find((one) => one.type === type)?.message ?? '';

async function namesOf({ client, drive }: ApiUser): Promise<string[]> {
  const { items } = await client.call(routes.listChildren, { params: { drive: drive.drive, entry: drive.rootId } });
  return items.map(({ name }) => name).toSorted();
}

async function gone(kind: Kind, name: string): Promise<void> {
  let last: unknown;
  const isGone = async (): Promise<boolean> => (last = await cluster.get(kind, name)) === undefined;
  await waitFor(isGone, { deadlineMs: 60_000, what: `the end of ${kind.kind} ${name}` }).catch((cause: unknown) => {
    throw new Error(`${kind.kind} ${name} is still there: ${JSON.stringify(last)}; runs: ${jobs.runs.join(', ')}`, { cause });
  });
}

test('a backup is made once, restored into another tenant, and then in place', async () => {
  await cluster.apply(tenantBackupKind, full('one'), { tenant: full('acme'), destination: destination() });
  const made = await said(tenantBackupKind, full('one'), 'Ready', 'True/Succeeded');
  expect(made).toMatchObject({ drives: 1, damaged: 0, chunks: 1, point: expect.any(String), completionTime: expect.any(String) });
  await putFiles(ada, [{ name: 'later', bytes: Buffer.from('after the backup') }]);

  await cluster.apply(tenantRestoreKind, full('other'), { from: { backup: full('one') }, tenant: full('copy') });
  const waits = await said(tenantRestoreKind, full('other'), 'Stalled', 'True/ReferenceMissing');
  expect(messageOf(waits, 'Stalled')).toContain(
    `kubectl get tenantbackups.driftbox.io ${full('one')} -o jsonpath='{.status.tenantManifest}'`,
  );
  const { metadata, spec } = JSON.parse(String(made['tenantManifest'])) as { readonly metadata: unknown; readonly spec: object };
  expect({ metadata, spec }).toMatchObject({ metadata: { name: full('acme') }, spec: { hosts: [hostOf('acme')], suspended: true } });
  await cluster.apply(tenantKind, full('copy'), { ...spec, hosts: [hostOf('copy')] });
  const restored = await said(tenantRestoreKind, full('other'), 'Ready', 'True/Succeeded');
  expect(restored).toMatchObject({ rows: made['rows'], chunks: made['chunks'], takenAt: made['takenAt'] });
  await makeTenant('copy', { firstAdministrator: undefined });
  await waitUntilSaid(cluster, full('copy'), 'Ready=True/Succeeded');
  expect(await namesOf(await signIn(cell, hostOf('copy')))).toEqual(['boat']);

  // What people have is not taken away unless that is said.
  await cluster.apply(tenantRestoreKind, full('back'), { from: { backup: full('one') }, tenant: full('acme') });
  expect(messageOf(await said(tenantRestoreKind, full('back'), 'Ready', 'False/Waiting'), 'Ready')).toContain('set spec.suspended');
  await makeTenant('acme', { suspended: true });
  expect(messageOf(await said(tenantRestoreKind, full('back'), 'Stalled', 'True/RunFailed'), 'Stalled')).toContain('set spec.replace');
  await cluster.apply(tenantRestoreKind, full('back'), { from: { backup: full('one') }, tenant: full('acme'), replace: true });
  await said(tenantRestoreKind, full('back'), 'Ready', 'True/Succeeded');
  await makeTenant('acme');
  await waitUntilSaid(cluster, full('acme'), 'Ready=True/Succeeded');
  expect(await namesOf(await signIn(cell, hostOf('acme')))).toEqual(['boat']);
  const done = ['create 0', 'restore 0', 'restore 3', 'restore 0'];
  expect(jobs.runs).toEqual(done);
}, 180_000);

test('a backup that is deleted takes its point along, and a bucket that is not there is told of', async () => {
  await cluster.apply(tenantBackupKind, full('gone'), { tenant: full('acme'), destination: destination() });
  await said(tenantBackupKind, full('gone'), 'Ready', 'True/Succeeded');
  await cluster.delete(tenantBackupKind, full('gone'));
  await gone(tenantBackupKind, full('gone'));
  expect(jobs.runs.at(-1)).toBe('remove 0');
  const nowhere = { s3: { ...at(), bucket: 'nobody-has-this', credentialsSecret: 's3' } };
  await cluster.apply(tenantBackupKind, full('lost'), { tenant: full('acme'), destination: nowhere });
  expect(messageOf(await said(tenantBackupKind, full('lost'), 'Stalled', 'True/RunFailed'), 'Stalled')).toContain('requested-at');
  await cluster.apply(tenantBackupKind, full('keyless'), { tenant: full('acme'), destination: destination(), keySecret: 'own' });
  await said(tenantBackupKind, full('keyless'), 'Stalled', 'True/ReferenceMissing');
}, 120_000);

test('a pool that is to go waits for the backups in it, and says which; they still go by way of it', async () => {
  await cluster.apply(storagePoolKind, full('pool'), { external: { ...at(), prefix: 'pool', credentialsSecret: 's3' } });
  await said(storagePoolKind, full('pool'), 'Ready', 'True/Succeeded');
  await cluster.apply(tenantBackupKind, full('pooled'), { tenant: full('acme'), destination: { pool: full('pool') } });
  await said(tenantBackupKind, full('pooled'), 'Ready', 'True/Succeeded');
  await cluster.delete(storagePoolKind, full('pool'));
  const held = await said(storagePoolKind, full('pool'), 'Deleting', 'True/InUse');
  expect(messageOf(held, 'Deleting')).toBe(`these TenantBackups lie in it, delete them first: ${full('pooled')}`);
  await cluster.delete(tenantBackupKind, full('pooled'));
  await gone(tenantBackupKind, full('pooled'));
  expect(jobs.runs.at(-1)).toBe('remove 0');
  await gone(storagePoolKind, full('pool'));
}, 180_000);

test('a tenant that is to leave a last backup waits for it, and goes then', async () => {
  await makeTenant('snap', { deletionPolicy: 'Snapshot', snapshot: { destination: destination() } });
  const { status } = await waitUntilSaid(cluster, full('snap'), 'Ready=True/Succeeded');
  const name = `snapshot-${status?.tenantId?.replaceAll('-', '').slice(0, 31) ?? ''}`;
  jobs.hold(true);
  await cluster.delete(tenantKind, full('snap'));
  await said(tenantKind, full('snap'), 'Deleting', 'True/Snapshotting');
  jobs.hold(false);
  await gone(tenantKind, full('snap'));
  expect(await statusOf(tenantBackupKind, name)).toMatchObject({ tenantId: status?.tenantId, point: expect.any(String) });
}, 120_000);

test('a schedule makes what it missed, once; one whose backup gives up is counted as failing', async () => {
  const bad = `${full('b').slice(0, 24)}`;
  const nowhere = { s3: { ...at(), bucket: 'nobody-has-this', credentialsSecret: 's3' } };
  await makeTenant('poor');
  await waitUntilSaid(cluster, full('poor'), 'Ready=True/Succeeded');
  // Due in more than a minute by the clock of the cluster, and missed already by that of the operator.
  aheadMs = 120_000;
  const schedule = `${new Date(Date.now() + aheadMs).getUTCMinutes()} * * * *`;
  await cluster.apply(tenantBackupScheduleKind, bad, { tenant: full('poor'), schedule, destination: nowhere });
  await cluster.apply(tenantBackupScheduleKind, full('s').slice(0, 27), {
    tenant: full('acme'),
    schedule,
    keep: 1,
    destination: destination(),
  });
  const name = full('s').slice(0, 27);
  await waitFor(async () => (await statusOf(tenantBackupScheduleKind, name))['kept'] === 1, { deadlineMs: 100_000, what: 'a backup' });
  const { lastBackup } = await statusOf(tenantBackupScheduleKind, name);
  expect(lastBackup).toMatch(new RegExp(`^${name}-\\d{12}$`));
  expect(messageOf(await said(tenantBackupScheduleKind, bad, 'Ready', 'False/Failing'), 'Ready')).toContain(`TenantBackup ${bad}-`);
  const counted = await registry.metrics();
  for (const line of ['{state="good"} 1', '{state="failing"} 1']) expect(counted).toContain(`driftbox_backup_schedules${line}\n`);
  expect(counted).toMatch(/^driftbox_backup_exposure_seconds \d/m);
  await cluster.delete(tenantBackupScheduleKind, name);
  await cluster.delete(tenantBackupScheduleKind, bad);
  await endTenant(cluster, full('copy'));
}, 240_000);
