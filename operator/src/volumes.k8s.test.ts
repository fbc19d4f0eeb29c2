import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { kubeKinds } from './kube-kinds.ts';
import { expectOk, type KubeObject } from './runtime/index.ts';
import { openRealWorld, type RealWorld } from './testing/real-cluster.ts';
import { reclaimVolumes, setReclaim } from './volumes.ts';

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
