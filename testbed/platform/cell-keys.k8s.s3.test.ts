import { createS3Bucket } from '@driftbox/chunk-store';
import { expectOk, secretKind, type KubeObject, type Operator, type Secret } from '@driftbox/operator';
import { cellKind, cellNamespace, storagePoolKind } from '@driftbox/resources';
import { temporaryFolder, testComponent, waitFor, type TemporaryFolder } from '@driftbox/testkit';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { catalogueOfTest } from './catalogue-of-test.ts';
import { openCluster, type ClusterOfTest } from './cluster-of-test.ts';
import { startOperator } from './operator-of-test.ts';
import { messageOf, waitUntilSaid, type SayingObject } from './said-of.ts';
import { deploymentKind, startScriptedNode } from './scripted-node.ts';

let cluster: ClusterOfTest;
let operator: Operator;
let folder: TemporaryFolder;
let node: AsyncDisposable;
let asked = 0;

beforeAll(async () => {
  cluster = await openCluster();
  folder = await temporaryFolder();
  const { endpoint, accessKey, secretKey } = testComponent('s3');
  await createS3Bucket({ ...testComponent('s3'), bucket: cluster.namespace });
  await cluster.applySecret('s3', { accessKey, secretKey });
  operator = startOperator(cluster, undefined, { making: await catalogueOfTest(folder.path) });
  node = startScriptedNode(cluster);
  const external = { endpoint, bucket: cluster.namespace, credentialsSecret: 's3' };
  await cluster.apply(storagePoolKind, full('main'), { external });
}, 60_000);
afterAll(async () => {
  await operator.stop();
  await node[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
  await cluster[Symbol.asyncDispose]();
}, 60_000);

const full = (name: string): string => `${name}-${cluster.namespace}`;

/** Makes the cell, or asks for a pass over it now. */
async function askFor(): Promise<void> {
  const transit = { url: 'https://bao.example.com:8200', tokenSecret: 'bao', authoritySecret: 'bao' };
  const spec = { version: '0.1.0', profile: 'tiny', domain: `${full('eu')}.example.com`, pools: [full('main')], keyManager: { transit } };
  await cluster.apply(cellKind, full('eu'), spec, { 'driftbox.io/requested-at': String((asked += 1)) });
}

const said = (...wanted: readonly string[]): Promise<SayingObject> => waitUntilSaid(cluster, [cellKind, full('eu')], wanted, 120_000);

async function keysOfCell(name = 'driftbox-keys'): Promise<Readonly<Record<string, string>>> {
  const at = { namespace: cellNamespace(full('eu')), name };
  const { data = {} } = expectOk(await cluster.api.get<Secret>(secretKind, at), 'reading its keys');
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, Buffer.from(value, 'base64').toString('utf8')]));
}

async function podsOfUpload(): Promise<string> {
  type Deployment = KubeObject & { readonly spec: { readonly template: object } };
  const at = { namespace: cellNamespace(full('eu')), name: `${full('eu')}-upload` };
  return JSON.stringify(expectOk(await cluster.api.get<Deployment>(deploymentKind, at), 'reading upload').spec.template);
}

test('a cell whose keys OpenBao holds waits for its token, gets no keys, and takes a renewed token without new pods', async () => {
  await askFor();
  const missing = await said('Stalled=True/ReferenceMissing');
  expect(messageOf(missing, 'Stalled')).toContain('spec.keyManager.transit.tokenSecret: there is no Secret bao');
  await cluster.applySecret('bao', { token: 'first' });
  await askFor();
  expect(messageOf(await said('Stalled=True/SecretIncomplete'), 'Stalled')).toContain('authoritySecret: the Secret bao has no ca.crt');
  await cluster.applySecret('bao', { token: 'first', 'ca.crt': 'authority' });
  await askFor();
  await said('Ready=True/Succeeded');
  expect(await keysOfCell()).toEqual({ token: 'first' });
  expect(await keysOfCell('driftbox-authorities')).toEqual({ 'ca.crt': 'authority\n' });
  const own = { namespace: cluster.namespace, name: `cell-${full('eu')}-keys` };
  expect(await cluster.api.get(secretKind, own)).toMatchObject({ kind: 'notFound' });
  const before = await podsOfUpload();
  expect(before).toContain('{"name":"DRIFTBOX_TRANSIT_URL","value":"https://bao.example.com:8200"}');
  await cluster.applySecret('bao', { token: 'renewed', 'ca.crt': 'authority' });
  await askFor();
  await waitFor(async () => (await keysOfCell())['token'] === 'renewed', { deadlineMs: 60_000 });
  const requestedAt = async (): Promise<unknown> => (await cluster.get<SayingObject>(cellKind, full('eu')))?.status?.['requestedAt'];
  await waitFor(async () => (await requestedAt()) === String(asked), { deadlineMs: 60_000 });
  expect(await podsOfUpload()).toBe(before);
}, 240_000);
