import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { createS3Bucket } from '@driftbox/chunk-store';
import { ruleFile } from '@driftbox/observability';
import { openProbeDoor, type Operator, type ProbeDoor } from '@driftbox/operator';
import { tenantBackupScheduleKind, tenantKind } from '@driftbox/resources';
import { temporaryFolder, testComponent, waitFor, type TemporaryFolder } from '@driftbox/testkit';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Registry } from 'prom-client';
import { serviceKeyOf } from '../src/add-tenant.ts';
import { emptyPanels, operatorPanels } from '../src/empty-panels.ts';
import { projectFolder } from '../src/standalone-process.ts';
import { startPrometheus, type PrometheusServer } from '../src/start-prometheus.ts';
import { openCell, type CellOfTest } from './cell-of-test.ts';
import { openCluster, type ClusterOfTest } from './cluster-of-test.ts';
import { runJobs, type JobRunner } from './job-runner.ts';
import { startOperator } from './operator-of-test.ts';
import { waitUntilSaid } from './said-of.ts';

// The rules as in service, but with every window and patience a sixtieth as long.
const scale = { divisor: 60 };
const alert = 'DriftBoxBackupsFailing';
/** A schedule makes one backup a minute, and the alert waits for a quarter of one. */
const patience = { deadlineMs: 180_000, longestPauseMs: 500 };

let folder: TemporaryFolder;
let cluster: ClusterOfTest;
let cell: CellOfTest;
let jobs: JobRunner;
let operator: Operator;
let door: ProbeDoor;
let prometheus: PrometheusServer;

beforeAll(async () => {
  folder = await temporaryFolder();
  cluster = await openCluster();
  cell = await openCell(cluster);
  const { internal = {} } = cell.server.process();
  const addresses = Object.entries(internal).map(([service, address]) => `${service}=${address}`);
  jobs = runJobs(cluster.api, cluster.namespace, { DRIFTBOX_BACKUP_INTERNAL: addresses.join(','), DRIFTBOX_TLS_AUTHORITY_FILE: '' });
  await createS3Bucket({ ...testComponent('s3'), bucket: cluster.namespace });
  await applyCredentials(testComponent('s3').secretKey);
  await cluster.applySecret(`cell-${cell.name}`, { 'service-key': await serviceKeyOf(cell.server.dataFolder) });
  const certificate = path.join(projectFolder, 'services/gateway/src/testing/test-certificate.pem');
  await cluster.applySecret(`cell-${cell.name}-tls`, { 'tls.crt': await readFile(certificate, 'utf8'), 'tls.key': 'none' });
  const chart = { folder: '/nowhere', digest: '' };
  const version = { version: '0.1.0', images: { services: 'sha256:0' }, charts: { 'driftbox-cell': chart, 'driftbox-backends': chart } };
  const making = { catalogue: [version], helm: { command: '/nowhere', kubeconfig: undefined }, images: { registry: '', pullSecrets: [] } };
  const registry = new Registry();
  operator = startOperator(cluster, cell, { making, registry });
  door = await openProbeDoor({ host: '127.0.0.1', port: 0, alive: operator.alive, ready: operator.ready, registry });
  prometheus = await startPrometheus({
    command: testComponent('prometheus').command,
    folder: folder.path,
    targets: [{ part: 'operator', addresses: [`127.0.0.1:${door.port}`] }],
    everySeconds: 1,
    rules: ruleFile(scale),
  });
}, 180_000);
afterAll(async () => {
  await prometheus?.stop();
  await door?.close();
  await operator?.stop();
  await jobs?.[Symbol.asyncDispose]();
  await cell?.[Symbol.asyncDispose]();
  await cluster?.[Symbol.asyncDispose]();
  await folder.remove();
}, 60_000);

/** What the destination of backups is opened with. */
function applyCredentials(secretKey: string): Promise<void> {
  return cluster.applySecret('s3', { accessKey: testComponent('s3').accessKey, secretKey });
}

const firing = async (): Promise<number> =>
  (await prometheus.ask(`sum(ALERTS{alertname="${alert}",alertstate="firing"})`)).reduce((sum, { value }) => sum + value, 0);
const schedulesThatAre = async (state: string): Promise<number | undefined> =>
  (await prometheus.ask(`driftbox_backup_schedules{state="${state}"}`))[0]?.value;

test('a destination whose key was changed raises the alert of backups, which resolves after the right key is there', async () => {
  const tenant = `acme-${cluster.namespace.slice(5)}`;
  const schedule = `s-${cluster.namespace.slice(5)}`;
  const { endpoint, region } = testComponent('s3');
  const s3 = { endpoint, region, bucket: cluster.namespace, prefix: 'backups', credentialsSecret: 's3' };
  const isolation = { shared: { cell: cell.name } };
  await cluster.apply(tenantKind, tenant, { hosts: [`${tenant}.${cell.domain}`], isolation, firstAdministrator: {} });
  await waitUntilSaid(cluster, [tenantKind, tenant], ['Ready=True/Succeeded']);
  await cluster.apply(tenantBackupScheduleKind, schedule, { tenant, schedule: '* * * * *', keep: 1, destination: { s3 } });
  await waitFor(async () => (await schedulesThatAre('good')) === 1, { ...patience, what: 'a schedule that is counted' });
  expect(await firing()).toBe(0);

  await applyCredentials('a key that was changed elsewhere');
  await waitFor(async () => (await firing()) === 1, { ...patience, what: `${alert} to fire` });
  expect(await schedulesThatAre('failing')).toBe(1);

  await applyCredentials(testComponent('s3').secretKey);
  await waitFor(async () => (await firing()) === 0, { ...patience, what: `${alert} to resolve` });
  await waitUntilSaid(cluster, [tenantBackupScheduleKind, schedule], ['Ready=True/Succeeded']);
  expect(await schedulesThatAre('good')).toBe(1);
}, 480_000);

test('every question of the dashboards of the operator and of backups is answered with data', async () => {
  const isFull = async (): Promise<boolean> => {
    expect(await emptyPanels(prometheus, operatorPanels())).toEqual([]);
    return true;
  };
  await waitFor(isFull, { ...patience, what: 'data in every panel' });
}, 200_000);
