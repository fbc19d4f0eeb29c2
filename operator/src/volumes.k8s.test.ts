import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { kubeKinds } from './kube-kinds.ts';
import { expectOk, type KubeObject, type ResourceKind } from './runtime/index.ts';
import { openRealWorld, type RealWorld } from './testing/real-cluster.ts';
import { growVolumes, reclaimVolumes, setReclaim } from './volumes.ts';

type Volume = KubeObject & {
  readonly spec: { readonly persistentVolumeReclaimPolicy: string; readonly claimRef: Readonly<Record<string, string>> };
};

const { persistentVolume } = kubeKinds;
const signal = new AbortController().signal;
const namespace = `n${randomUUID().slice(0, 8)}`;
const called = (name: string): string => `${namespace}-${name}`;
let world: RealWorld;

async function makeVolume(name: string, claim: string, policy: string, of = namespace): Promise<void> {
  const claimRef = { apiVersion: 'v1', kind: 'PersistentVolumeClaim', namespace: of, name: claim, uid: randomUUID(), resourceVersion: '7' };
  const spec = { capacity: { storage: '1Gi' }, accessModes: ['ReadWriteOnce'], hostPath: { path: '/none' } };
  const volume = { ...spec, claimRef, persistentVolumeReclaimPolicy: policy };
  const object = { apiVersion: 'v1', kind: 'PersistentVolume', metadata: { name: called(name) }, spec: volume };
  expectOk(await world.api.create(persistentVolume, object as KubeObject), `making ${name}`);
}

const specOf = async (name: string): Promise<Volume['spec']> =>
  expectOk(await world.api.get<Volume>(persistentVolume, { name: called(name) }), 'reading').spec;

beforeAll(async () => void (world = await openRealWorld()));
afterAll(async () => {
  for (const name of ['data', 'newer', 'fleeting', 'other']) await world.api.delete(persistentVolume, { name: called(name) });
  for (const name of [expanding, rigid]) await world.api.delete(classKind, { name });
  await world[Symbol.asyncDispose]();
});

test('volumes of a namespace are kept, and offered again to claims of the same name, the oldest first', async () => {
  await makeVolume('data', 'data-0', 'Delete');
  await makeVolume('other', 'data-0', 'Delete', 'elsewhere');
  await setReclaim(world.api, namespace, 'Retain', signal);
  await makeVolume('fleeting', 'fleeting-0', 'Delete');
  await makeVolume('newer', 'data-0', 'Retain');
  await reclaimVolumes(world.api, namespace, signal);
  const { claimRef, persistentVolumeReclaimPolicy } = await specOf('data');
  expect({ claimRef, persistentVolumeReclaimPolicy }).toEqual({
    claimRef: { apiVersion: 'v1', kind: 'PersistentVolumeClaim', namespace, name: 'data-0' },
    persistentVolumeReclaimPolicy: 'Retain',
  });
  for (const untouched of ['fleeting', 'other', 'newer']) expect((await specOf(untouched)).claimRef).toHaveProperty('uid');
  await reclaimVolumes(world.api, namespace, signal);
  expect((await specOf('newer')).claimRef).toHaveProperty('uid');
});

const classKind: ResourceKind = {
  group: 'storage.k8s.io',
  version: 'v1',
  kind: 'StorageClass',
  plural: 'storageclasses',
  namespaced: false,
};
const [expanding, rigid] = ['expanding', 'rigid'].map(called) as [string, string];
const { persistentVolumeClaim: claimKind, statefulSet: setKind } = kubeKinds;

async function makeClass(name: string, allowVolumeExpansion: boolean): Promise<void> {
  const object = {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: { name },
    provisioner: 'example.com/none',
    allowVolumeExpansion,
  };
  expectOk(await world.api.create(classKind, object as KubeObject), 'making a class');
}

/** As its controller would have left it: a StatefulSet, and the bound claim of its pod. */
async function makeSet(name: string, storageClassName: string): Promise<void> {
  const at = { namespace: world.namespace };
  const claim = { accessModes: ['ReadWriteOnce'], storageClassName, resources: { requests: { storage: '1Gi' } } };
  const labels = { app: name };
  const container = { name: 'c', image: 'x:1', volumeMounts: [{ name: 'data', mountPath: '/data' }] };
  const spec = {
    serviceName: name,
    selector: { matchLabels: labels },
    template: { metadata: { labels }, spec: { containers: [container] } },
    volumeClaimTemplates: [{ metadata: { name: 'data' }, spec: claim }],
  };
  expectOk(
    await world.api.create(setKind, { apiVersion: 'apps/v1', kind: 'StatefulSet', metadata: { ...at, name }, spec } as KubeObject),
    name,
  );
  for (const called of [`data-${name}-0`, `data-${name}-other-0`]) {
    const metadata = { ...at, name: called };
    expectOk(
      await world.api.create(claimKind, { apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata, spec: claim } as KubeObject),
      called,
    );
    const bound = { apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata, status: { phase: 'Bound', capacity: { storage: '1Gi' } } };
    expectOk(await world.api.applyStatus(claimKind, bound as KubeObject, { manager: 'test' }), 'binding');
  }
}

async function sizeOf(name: string): Promise<string> {
  type Claim = KubeObject & { readonly spec: { readonly resources: { readonly requests: { readonly storage: string } } } };
  const at = { namespace: world.namespace, name };
  return expectOk(await world.api.get<Claim>(claimKind, at), 'reading a claim').spec.resources.requests.storage;
}

test('volumes are made larger, and their StatefulSet goes around its pods; one whose class does not let it stays as it is', async () => {
  await makeClass(expanding, true);
  await makeClass(rigid, false);
  await makeSet('grows', expanding);
  await makeSet('stays', rigid);
  const grow = (sizes: Readonly<Record<string, string>>) => growVolumes(world.api, world.namespace, sizes, signal);
  const isGoing = async (name: string): Promise<boolean> =>
    expectOk(await world.api.get<KubeObject>(setKind, { namespace: world.namespace, name }), 'reading').metadata.deletionTimestamp !==
    undefined;
  // One size in two notations is nothing to do.
  await grow({ grows: '1024Mi' });
  expect([await sizeOf('data-grows-0'), await isGoing('grows')]).toEqual(['1Gi', false]);
  await grow({ grows: '2Gi' });
  expect([await sizeOf('data-grows-0'), await sizeOf('data-grows-other-0'), await sizeOf('data-stays-0')]).toEqual(['2Gi', '1Gi', '1Gi']);
  // Nobody collects garbage here: it waits for its pods to be let go.
  expect([await isGoing('grows'), await isGoing('stays')]).toEqual([true, false]);
  await grow({ grows: '2Gi' });
  await expect(grow({ stays: '2Gi' })).rejects.toThrow(/making the volume data-stays-0 larger: .*must support resize/);
  expect(await isGoing('stays')).toBe(false);
}, 60_000);
