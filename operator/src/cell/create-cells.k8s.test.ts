import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { createLogger } from '@driftbox/service-kit';
import { testComponent, waitFor } from '@driftbox/testkit';
import { Registry } from 'prom-client';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createOperator, type Operator } from '../app.ts';
import type { CatalogueVersion } from '../catalogue.ts';
import { chartDigest } from '../helm/index.ts';
import { kubeKinds } from '../kube-kinds.ts';
import { expectOk, type KubeObject } from '../runtime/index.ts';
import { poolResource } from '../storage-pool/pool.ts';
import { installKinds } from '../testing/install-kinds.ts';
import { openRealWorld, realAccess, type RealWorld } from '../testing/real-cluster.ts';
import { cellResource, type Cell } from './cell.ts';
import { cellNames, poolNames } from './names.ts';

const charts = path.resolve(import.meta.dirname, '../../../charts');
const name = `c${randomUUID().slice(0, 8)}`;
let world: RealWorld;
let operator: Operator;

async function version(): Promise<CatalogueVersion> {
  const chart = async (called: string) => ({ folder: path.join(charts, called), digest: await chartDigest(path.join(charts, called)) });
  const images = Object.fromEntries(
    ['services', 'nginx', 'postgres', 'kafka', 'redis', 'minio'].map((one) => [one, `sha256:${'a'.repeat(64)}`]),
  );
  return {
    version: '0.1.0',
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
  await world[Symbol.asyncDispose]();
});

const labelled = { name, labels: { test: name } };
const exists = async (kind: Parameters<RealWorld['api']['get']>[0], at: { namespace: string; name: string }): Promise<boolean> =>
  (await world.api.get<KubeObject>(kind, at)).kind === 'ok';

test('a pool and a cell get namespaces, Secrets and the workloads of their charts, and say what they wait for', async () => {
  const apiVersion = 'driftbox.io/v1alpha1';
  const bundled = { nodes: 1, drivesPerNode: 1, parity: 0, driveSize: '1Gi' };
  const pool = { apiVersion, kind: 'StoragePool', metadata: labelled, spec: { bundled } };
  const spec = { version: '0.1.0', profile: 'tiny', domain: `${name}.example.com`, pools: [name] };
  expectOk(await world.api.create(poolResource, pool as KubeObject), 'making a pool');
  expectOk(await world.api.create(cellResource, { apiVersion, kind: 'Cell', metadata: labelled, spec } as KubeObject), 'making a cell');
  const patience = { deadlineMs: 30_000 };
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
