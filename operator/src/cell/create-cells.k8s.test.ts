import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { createLogger } from '@driftbox/service-kit';
import { testComponent, waitFor } from '@driftbox/testkit';
import { Registry } from 'prom-client';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { createOperator, type Operator } from '../app.ts';
import type { CatalogueVersion } from '../catalogue.ts';
import { chartDigest } from '../helm/index.ts';
import { kubeKinds } from '../kube-kinds.ts';
import { expectOk, type KubeObject, type ObjectPlace, type ResourceKind } from '../runtime/index.ts';
import { dataOf, textOf, type SecretObject } from '../secret.ts';
import { poolResource } from '../storage-pool/pool.ts';
import { installKinds } from '../testing/install-kinds.ts';
import { openRealWorld, realAccess, type RealWorld } from '../testing/real-cluster.ts';
import { cellResource, type Cell } from './cell.ts';
import { kafkaCluster, type KafkaObject } from './delegated-kafka.ts';
import { postgresCluster, type ClusterObject } from './delegated-postgres.ts';
import { cellNames, poolNames, secretNames } from './names.ts';

const charts = path.resolve(import.meta.dirname, '../../../charts');
const name = `c${randomUUID().slice(0, 8)}`;
const delegating = `${name}-d`;
const delegatedKinds = [kubeKinds.postgresCluster, kubeKinds.kafka, kubeKinds.kafkaNodePool];
const definitions = delegatedKinds.map(({ plural, group }) => `${plural}.${group}`);
const patience = { deadlineMs: 30_000 };
const manager = 'driftbox-test';
let world: RealWorld;
let operator: Operator;

async function version(): Promise<CatalogueVersion> {
  const chart = async (called: string) => ({ folder: path.join(charts, called), digest: await chartDigest(path.join(charts, called)) });
  const images = Object.fromEntries(
    ['services', 'nginx', 'postgres', 'kafka', 'redis', 'minio'].map((one) => [one, `sha256:${'a'.repeat(64)}`]),
  );
  return {
    version: '0.2.0',
    images,
    charts: { 'driftbox-cell': await chart('driftbox-cell'), 'driftbox-backends': await chart('driftbox-backends') },
  };
}

beforeAll(async () => {
  world = await openRealWorld();
  await installKinds(world.api);
  operator = createOperator({
    access: realAccess(),
    electionAccess: realAccess(),
    namespace: world.namespace,
    name: 'test',
    workers: 2,
    rate: { perSecond: 200, burst: 200 },
    log: createLogger({ service: 'operator', level: 'silent' }),
    registry: new Registry(),
    only: `test=${name}`,
    making: {
      catalogue: [await version()],
      helm: { command: testComponent('helm').command, kubeconfig: testComponent('k8s').kubeconfig },
      images: { registry: 'localhost', pullSecrets: [] },
    },
  });
  void operator.start();
}, 60_000);
afterAll(async () => {
  await operator.stop();
  for (const definition of definitions) await world.api.delete(kubeKinds.definition, { name: definition });
  await world.api.delete(kubeKinds.persistentVolume, { name: delegating });
  await world[Symbol.asyncDispose]();
});

const labelled = { name, labels: { test: name } };
const exists = async (kind: ResourceKind, at: ObjectPlace): Promise<boolean> => (await world.api.get<KubeObject>(kind, at)).kind === 'ok';

test('a pool and a cell get namespaces, Secrets and the workloads of their charts, and say what they wait for', async () => {
  const apiVersion = 'driftbox.io/v1alpha1';
  const bundled = { nodes: 1, drivesPerNode: 1, parity: 0, driveSize: '1Gi' };
  const pool = { apiVersion, kind: 'StoragePool', metadata: labelled, spec: { bundled } };
  const spec = { version: '0.2.0', profile: 'tiny', domain: `${name}.example.com`, pools: [name] };
  expectOk(await world.api.create(poolResource, pool as KubeObject), 'making a pool');
  expectOk(await world.api.create(cellResource, { apiVersion, kind: 'Cell', metadata: labelled, spec } as KubeObject), 'making a cell');
  const { namespace, backendsRelease } = cellNames(name);
  await waitFor(() => exists(kubeKinds.statefulSet, { namespace: poolNames(name).namespace, name: `pool-${name}-minio` }), patience);
  await waitFor(() => exists(kubeKinds.statefulSet, { namespace, name: `${backendsRelease}-postgres` }), patience);
  expect(await exists(kubeKinds.secret, { namespace, name: 'driftbox-databases' })).toBe(true);
  await waitFor(async () => {
    const cell = await world.api.get<Cell>(cellResource, { name });
    const ready = cell.kind === 'ok' ? cell.value.status?.conditions?.find(({ type }) => type === 'Ready') : undefined;
    return ready?.reason === 'Progressing' && ready.message.startsWith('waiting for') && ready.message.includes('postgres');
  }, patience);
}, 120_000);

type MinioSet = KubeObject & {
  readonly spec: { readonly template: { readonly spec: { readonly containers: readonly { readonly args?: readonly string[] }[] } } };
};

/** The StatefulSet of a pool's MinIO, once it is one that speaks TLS, or one that does not. */
function minioOf(pool: string, byTls: boolean): Promise<MinioSet> {
  const at = { namespace: poolNames(pool).namespace, name: `pool-${pool}-minio` };
  return waitFor(async () => {
    const answer = await world.api.get<MinioSet>(kubeKinds.statefulSet, at);
    const args = answer.kind === 'ok' ? answer.value.spec.template.spec.containers[0]?.args : undefined;
    return answer.kind === 'ok' && args?.includes('--certs-dir=/etc/minio-tls') === byTls ? answer.value : undefined;
  }, patience);
}

test('the MinIO of a pool speaks TLS from its first start; one of 0.1.0 begins anew once its Secret says so', async () => {
  expect((await minioOf(name, true)).metadata.generation).toBe(1);
  const before = `${name}-b`;
  const secret = { namespace: world.namespace, name: poolNames(before).master };
  const values = { 'pool-id': 'of 0.1.0', 'root-user': 'driftbox', 'root-password': 'of the test alone' };
  const master = { apiVersion: 'v1', kind: 'Secret', metadata: secret, data: dataOf(values) } as SecretObject;
  expectOk(await world.api.create(kubeKinds.secret, master), 'making what 0.1.0 made');
  const bundled = { nodes: 4, drivesPerNode: 1, parity: 1, driveSize: '1Gi' };
  const pool = { apiVersion: 'driftbox.io/v1alpha1', kind: 'StoragePool', metadata: { ...labelled, name: before }, spec: { bundled } };
  expectOk(await world.api.create(poolResource, pool as KubeObject), 'making a pool');
  const plain = await minioOf(before, false);
  expect(await exists(kubeKinds.secret, { namespace: world.namespace, name: poolNames(before).certificate })).toBe(false);

  const changed = { ...master, data: dataOf({ ...values, scheme: 'https' }) };
  expectOk(await world.api.apply(kubeKinds.secret, changed, { manager }), 'saying that it is to speak TLS');
  // All nodes at once, which a roll would not do.
  const { uid } = (await minioOf(before, true)).metadata;
  expect(uid).not.toBe(plain.metadata.uid);
  const inPods = await world.api.get<SecretObject>(kubeKinds.secret, {
    namespace: poolNames(before).namespace,
    name: secretNames.innerTls,
  });
  expect(Object.keys(textOf(expectOk(inPods, 'reading its certificate'))).toSorted()).toEqual(['ca.crt', 'minio.crt', 'minio.key']);

  const at = { namespace: poolNames(before).namespace, name: `pool-${before}-minio` };
  expectOk(await world.api.delete(kubeKinds.statefulSet, at), 'removing it by hand');
  expect((await minioOf(before, true)).metadata.uid).not.toBe(uid);
}, 120_000);

/** What is said of the Cell that delegates by one of its conditions. */
async function saidOf(type: string) {
  const answer = await world.api.get<Cell>(cellResource, { name: delegating });
  return answer.kind === 'ok' ? answer.value.status?.conditions?.find((one) => one.type === type) : undefined;
}

/** Has the operator look at it now. */
async function askForPass(token: string): Promise<void> {
  const metadata = { name: delegating, annotations: { 'driftbox.io/requested-at': token } };
  const resource = { apiVersion: 'driftbox.io/v1alpha1', kind: 'Cell', metadata } as KubeObject;
  expectOk(await world.api.apply(cellResource, resource, { manager }), 'asking for a pass');
}

const { namespace, backendsRelease } = cellNames(delegating);
const at = { namespace, name: postgresCluster };
/** Does what an operator of others does for one of ours: a Secret with its authority, and a status that says that all is well. */
async function pretendReady(kind: ResourceKind, called: string, made: string, authority: string, more: object): Promise<void> {
  const metadata = { namespace, name: made };
  const secret = { apiVersion: 'v1', kind: 'Secret', metadata, data: dataOf({ 'ca.crt': authority }) };
  expectOk(await world.api.create(kubeKinds.secret, secret as SecretObject), 'certifying');
  const found = expectOk(await world.api.get<ClusterObject & KafkaObject>(kind, { namespace, name: called }), 'reading');
  const conditions = [{ type: 'Ready', status: 'True', reason: 'AllIsWell', message: '', lastTransitionTime: new Date().toISOString() }];
  const status = { conditions, ...more };
  const ready = { apiVersion: found.apiVersion, kind: found.kind, metadata: { namespace, name: called }, status };
  expectOk(await world.api.applyStatus(kind, ready as ClusterObject, { manager }), 'saying that it is ready');
  await waitFor(async () => {
    const message = (await saidOf('Ready'))?.message ?? '';
    return message.startsWith('waiting for') && !message.includes(called);
  }, patience);
}

test('PostgreSQL of CloudNativePG and Kafka of Strimzi: stalled while these are not there, then waited for and trusted', async () => {
  const parts = { postgres: { delegated: {} }, kafka: { delegated: {} } };
  const spec = { version: '0.2.0', profile: 'tiny', domain: `${delegating}.example.com`, pools: [name], ...parts };
  const resource = { apiVersion: 'driftbox.io/v1alpha1', kind: 'Cell', metadata: { ...labelled, name: delegating }, spec } as KubeObject;
  expectOk(await world.api.create(cellResource, resource), 'making a cell');
  await waitFor(async () => (await saidOf('Stalled'))?.reason === 'BackendOperatorMissing', patience);
  expect((await saidOf('Stalled'))?.message).toContain('install CloudNativePG');
  expect(await exists(kubeKinds.namespace, { name: namespace })).toBe(false);

  for (const definition of definitions) {
    const file = await readFile(path.resolve(import.meta.dirname, `../../../testbed/charts/${definition}.yaml`), 'utf8');
    expectOk(await world.api.apply(kubeKinds.definition, parse(file) as KubeObject, { manager }), 'installing');
  }
  for (const kind of delegatedKinds) await waitFor(async () => (await world.api.list(kind, { namespace })).kind === 'ok', patience);
  await askForPass('installed');
  await waitFor(() => exists(kubeKinds.postgresCluster, at), patience);
  await waitFor(() => exists(kubeKinds.kafka, { namespace, name: kafkaCluster }), patience);
  for (const ours of ['postgres', 'kafka'])
    expect(await exists(kubeKinds.statefulSet, { namespace, name: `${backendsRelease}-${ours}` })).toBe(false);
  await waitFor(async () => (await saidOf('Ready'))?.message.includes(`${kafkaCluster}, ${postgresCluster}`) === true, patience);

  await pretendReady(kubeKinds.postgresCluster, postgresCluster, `${postgresCluster}-ca`, 'its own', { readyInstances: 1 });
  await pretendReady(kubeKinds.kafka, kafkaCluster, `${kafkaCluster}-cluster-ca-cert`, 'of its brokers', { observedGeneration: 1 });
  const trusted = await world.api.get<SecretObject>(kubeKinds.secret, { namespace, name: secretNames.authorities });
  const { 'ca.crt': authorities } = textOf(expectOk(trusted, 'reading what is trusted'));
  // And the MinIO of its pool.
  expect(authorities).toMatch(/^its own\nof its brokers\n-----BEGIN CERTIFICATE-----\n[^-]+-----END CERTIFICATE-----\n$/);
}, 120_000);

test('a Cluster that somebody has deleted is not made anew while its volumes are kept', async () => {
  const claimRef = { namespace, name: `${postgresCluster}-1` };
  const spec = { capacity: { storage: '1Gi' }, accessModes: ['ReadWriteOnce'], hostPath: { path: '/none' }, claimRef };
  const volume = { apiVersion: 'v1', kind: 'PersistentVolume', metadata: { name: delegating }, spec };
  expectOk(await world.api.create(kubeKinds.persistentVolume, volume as KubeObject), 'keeping a volume');
  expectOk(await world.api.delete(kubeKinds.postgresCluster, at), 'deleting the Cluster');
  await askForPass('deleted');
  await waitFor(async () => (await saidOf('Stalled'))?.reason === 'VolumesLeft', patience);
  expect((await saidOf('Stalled'))?.message).toContain(`volumes of ${postgresCluster}-1 in the namespace ${namespace} are kept`);
  expect(await exists(kubeKinds.postgresCluster, at)).toBe(false);
}, 60_000);
