import { expectOk, secretKind, type KubeObject, type Secret } from '@driftbox/operator';
import { cellKind, cellNamespace, storagePoolKind } from '@driftbox/resources';
import { testComponent, waitFor } from '@driftbox/testkit';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { ClusterOfTest } from './cluster-of-test.ts';
import { openMadePools, type MadePools } from './made-pools.ts';
import { messageOf, waitUntilSaid, type SayingObject } from './said-of.ts';
import { deploymentKind } from './scripted-node.ts';

type Deployment = KubeObject & {
  readonly spec: {
    readonly template: {
      readonly spec: { readonly containers: readonly { readonly env?: readonly { readonly name: string; readonly value?: string }[] }[] };
    };
  };
};

let world: MadePools;
let cluster: ClusterOfTest;

beforeAll(async () => {
  world = await openMadePools();
  ({ cluster } = world);
}, 60_000);
afterAll(async () => world[Symbol.asyncDispose](), 60_000);

const full = (name: string): string => `${name}-${cluster.namespace}`;

/** Makes a pool, in a folder of the bucket that is called like it, and the Secret that it names. */
async function makePool(name: string, more: object = {}): Promise<void> {
  const { endpoint, accessKey, secretKey } = testComponent('s3');
  await cluster.applySecret(full(name), { accessKey, secretKey });
  const external = { endpoint, bucket: cluster.namespace, prefix: name, credentialsSecret: full(name) };
  await cluster.apply(storagePoolKind, full(name), { external, ...more });
}

const pool = (name: string, ...wanted: readonly string[]): Promise<SayingObject> =>
  waitUntilSaid(cluster, [storagePoolKind, full(name)], wanted);
const cell = (...wanted: readonly string[]): Promise<SayingObject> => waitUntilSaid(cluster, [cellKind, full('eu')], wanted, 120_000);
const isMirrored = ['Ready=True/Succeeded', 'StorageReady=True/Qualified', 'MirrorReady=True/Available'];

/** Where upload of the cell is told that its mirror lies; empty where it is told of none. */
async function mirrorOfUpload(): Promise<Readonly<Record<string, string | undefined>>> {
  const at = { namespace: cellNamespace(full('eu')), name: `${full('eu')}-upload` };
  const { spec } = expectOk(await cluster.api.get<Deployment>(deploymentKind, at), 'reading upload');
  const env = spec.template.spec.containers.flatMap((one) => one.env ?? []);
  return Object.fromEntries(env.filter(({ name }) => name.startsWith('DRIFTBOX_MIRROR_')).map(({ name, value }) => [name, value]));
}

async function keysOfCell(): Promise<string[]> {
  const at = { namespace: cellNamespace(full('eu')), name: 'driftbox-s3' };
  return Object.keys(expectOk(await cluster.api.get<Secret>(secretKind, at), 'reading its keys').data ?? {}).toSorted();
}

test('a cell waits for the mirror of its pool, which waits to be there, and then stores in both', async () => {
  await makePool('main', { mirror: full('second') });
  const usual = { version: '0.1.0', profile: 'tiny', domain: `${full('eu')}.example.com`, pools: [full('main')] };
  await cluster.apply(cellKind, full('eu'), usual);
  const missing = await pool('main', 'Ready=False/Stalled', 'Stalled=True/ReferenceMissing', 'MirrorReady=False/Waiting');
  expect(messageOf(missing, 'Stalled')).toBe(`spec.mirror: there is no StoragePool ${full('second')}`);
  await cell('StorageReady=False/Waiting');
  await makePool('second');
  expect((await pool('main', ...isMirrored)).status).toMatchObject({ mirror: full('second') });
  const { status } = await cell('Ready=True/Succeeded');
  expect(await mirrorOfUpload()).toMatchObject({
    DRIFTBOX_MIRROR_S3_ENDPOINT: testComponent('s3').endpoint,
    DRIFTBOX_MIRROR_S3_BUCKET: cluster.namespace,
    DRIFTBOX_MIRROR_S3_PREFIX: `second/${String(status?.['cellId'])}/packs/`,
  });
  expect(await keysOfCell()).toEqual(['access-key', 'mirror-access-key', 'mirror-secret-key', 'secret-key']);
}, 240_000);

test('a mirror has none itself, nor has one that is a mirror; the cell goes on with what it had', async () => {
  await makePool('second', { mirror: full('third') });
  const chain = await pool('second', 'Stalled=True/MirrorRefused', 'Ready=False/Stalled');
  expect(messageOf(chain, 'Stalled')).toContain(`this is the mirror of the StoragePool ${full('main')}`);
  expect(messageOf(await pool('main', 'Ready=True/Succeeded', 'MirrorReady=False/Waiting'), 'MirrorReady')).toContain('not ready');
  await makePool('fourth', { mirror: full('second') });
  expect(messageOf(await pool('fourth', 'Stalled=True/MirrorRefused'), 'Stalled')).toContain('has a mirror itself');
  await cell('Ready=True/Succeeded');
  expect(await mirrorOfUpload()).toMatchObject({ DRIFTBOX_MIRROR_S3_BUCKET: cluster.namespace });
  await makePool('fourth');
  await makePool('second');
  await pool('main', ...isMirrored);
}, 120_000);

test('a pool that is a mirror is not deleted before it is none any longer; then the cell forgets its keys', async () => {
  await cluster.delete(storagePoolKind, full('second'));
  const waits = await pool('second', 'Deleting=True/InUse');
  expect(messageOf(waits, 'Deleting')).toContain(`pool ${full('main')}`);
  await makePool('main');
  await waitFor(async () => (await cluster.get(storagePoolKind, full('second'))) === undefined, { deadlineMs: 40_000 });
  await waitFor(async () => Object.keys(await mirrorOfUpload()).length === 0, { deadlineMs: 60_000, what: 'upload without mirror' });
  expect(await keysOfCell()).toEqual(['access-key', 'secret-key']);
  expect((await pool('main', 'Ready=True/Succeeded')).status).not.toHaveProperty('mirror');
}, 180_000);
