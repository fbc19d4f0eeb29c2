import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { temporaryFolder, testComponent } from '@driftbox/testkit';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { configMap, configMapKind, type ConfigMap } from '../../testing/config-map.ts';
import { openRealWorld, type RealWorld } from '../../testing/real-cluster.ts';
import { leaseKind, type Lease } from '../election/lease.ts';
import { defaultLeaseTiming, nextRecord } from '../election/judge-lease.ts';
import { buildEvent, eventKind } from '../events/event.ts';
import { expectOk } from './answer.ts';
import { createApi } from './create-api.ts';
import type { KubeObject, ResourceKind } from './object.ts';
import { accessFromPod } from './pod-access.ts';

const deploymentKind: ResourceKind = { group: 'apps', version: 'v1', kind: 'Deployment', plural: 'deployments', namespaced: true };
let world: RealWorld;

beforeAll(async () => void (world = await openRealWorld()));
afterAll(async () => world[Symbol.asyncDispose]());

const manager = 'driftbox-test';
const at = (name: string): { namespace: string; name: string } => ({ namespace: world.namespace, name });

test('server-side apply makes, changes and drops fields, and takes over those of others', async () => {
  const { api, namespace } = world;
  const intent = configMap(namespace, 'applied', '1');
  expectOk(await api.apply(configMapKind, { ...intent, data: { value: '1', extra: 'x' } }, { manager }), 'applying');
  expectOk(await api.apply(configMapKind, { ...intent, data: { value: '2' } }, { manager: 'somebody-else' }), 'taking over');
  const applied = expectOk(await api.apply<ConfigMap>(configMapKind, { ...intent, data: { value: '3' } }, { manager }), 'applying again');
  expect(applied.data).toEqual({ value: '3' });
  const polite = await api.apply(configMapKind, { ...intent, data: { value: '4' } }, { manager: 'polite', force: false });
  expect(polite).toMatchObject({ kind: 'conflict', message: expect.stringContaining(manager) });
});

test('the account of a pod is enough', async () => {
  const { url, token, authority } = testComponent('k8s');
  if (token === undefined) return;
  await using folder = await temporaryFolder();
  await writeFile(path.join(folder.path, 'ca.crt'), authority);
  await writeFile(path.join(folder.path, 'token'), token);
  const ask = async (): Promise<string> => {
    const access = accessFromPod({ server: new URL(url), folder: folder.path });
    const answer = await createApi({ access, userAgent: 'driftbox-test' }).list(configMapKind, { namespace: world.namespace });
    access.close();
    return answer.kind;
  };
  expect(await ask()).toBe('ok');
  await writeFile(path.join(folder.path, 'token'), 'of somebody else');
  expect(await ask()).toBe('unauthorized');
});

test('a dry run says what would be, and changes nothing', async () => {
  const { api, namespace } = world;
  const dry = await api.apply<ConfigMap>(configMapKind, configMap(namespace, 'dry', '1'), { manager, dryRun: true });
  expect(expectOk(dry, 'trying').data).toEqual({ value: '1' });
  expect((await api.get(configMapKind, at('dry'))).kind).toBe('notFound');
});

test('an intent with a uid never makes an object anew', async () => {
  const { api, namespace } = world;
  const intent = configMap(namespace, 'gone', '1');
  const meant = { ...intent, metadata: { ...intent.metadata, uid: 'a3bb189e-8bf9-3888-9912-ace4e6543002' } };
  expect((await api.apply(configMapKind, meant, { manager })).kind).toBe('conflict');
  expect((await api.applyStatus(configMapKind, meant, { manager })).kind).toBe('notFound');
});

test('status is applied apart from the rest, and unknown fields of it are refused by nobody here', async () => {
  const { api, namespace } = world;
  const metadata = { namespace, name: 'app' };
  const labels = { app: 'x' };
  const spec = {
    selector: { matchLabels: labels },
    template: { metadata: { labels }, spec: { containers: [{ name: 'c', image: 'x:1' }] } },
  };
  const deployment = { apiVersion: 'apps/v1', kind: 'Deployment', metadata, spec } as KubeObject;
  const made = expectOk(await api.apply(deploymentKind, deployment, { manager }), 'applying');
  const status = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { ...metadata, uid: made.metadata.uid }, status: { replicas: 3 } };
  const written = expectOk(await api.applyStatus(deploymentKind, status as KubeObject, { manager }), 'writing status');
  expect(written).toMatchObject({ status: { replicas: 3 }, metadata: { generation: made.metadata.generation } });
});

test('metadata alone comes without the rest, in lists and in watches', async () => {
  const { api, namespace } = world;
  expectOk(await api.create(configMapKind, configMap(namespace, 'large', 'x')), 'creating');
  const page = expectOk(await api.list(configMapKind, { namespace, metadataOnly: true }), 'listing');
  expect(page.items.find(({ metadata }) => metadata.name === 'large')).not.toHaveProperty('data');
  const stopping = new AbortController();
  const seen = Promise.withResolvers<KubeObject>();
  const options = { resourceVersion: page.resourceVersion, timeoutSeconds: 30, idleTimeoutMs: 30_000, signal: stopping.signal };
  const watched = api.watch(configMapKind, { namespace, metadataOnly: true }, options, (event) => {
    if (event.type === 'ADDED') seen.resolve(event.object);
  });
  expectOk(await api.create(configMapKind, configMap(namespace, 'later', 'x')), 'creating');
  expect(await seen.promise).not.toHaveProperty('data');
  stopping.abort();
  expect(await watched).toEqual({ kind: 'aborted' });
});

test('the times of leases and events are taken as we write them', async () => {
  const { api, namespace } = world;
  const spec = nextRecord(undefined, 'one', defaultLeaseTiming, Date.now());
  const lease: Lease = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: { namespace, name: 'lead' }, spec };
  expect(expectOk(await api.create<Lease>(leaseKind, lease), 'creating').spec).toEqual({ ...spec });
  const about = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace, name: 'a', uid: 'u' } };
  const happening = { type: 'Warning', reason: 'InUse', action: 'Delete', note: 'two tenants name it' } as const;
  const event = buildEvent(about, happening, { controller: 'driftbox.io/operator', instance: 'one' }, 'id', Date.now());
  expectOk(await api.create(eventKind, event), 'writing an event');
  const ofCluster = buildEvent(
    { ...about, metadata: { name: 'a', uid: 'u' } },
    happening,
    { controller: 'driftbox.io/operator', instance: 'one' },
    namespace,
    0,
  );
  expectOk(await api.create(eventKind, ofCluster), 'writing an event about the cluster');
  expectOk(await api.delete(eventKind, { namespace: 'default', name: ofCluster.metadata.name }), 'deleting it');
});
