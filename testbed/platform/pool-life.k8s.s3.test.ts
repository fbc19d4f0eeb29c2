import { createS3Bucket } from '@driftbox/chunk-store';
import type { Operator } from '@driftbox/operator';
import { storagePoolKind } from '@driftbox/resources';
import { startFaultProxy, temporaryFolder, testComponent, waitFor, type FaultProxy, type TemporaryFolder } from '@driftbox/testkit';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { catalogueOfTest } from './catalogue-of-test.ts';
import { openCluster, type ClusterOfTest } from './cluster-of-test.ts';
import { startOperator } from './operator-of-test.ts';
import { messageOf, waitUntilSaid, type SayingObject } from './said-of.ts';

let cluster: ClusterOfTest;
let operator: Operator;
let folder: TemporaryFolder;
let proxy: FaultProxy;
let asked = 0;

beforeAll(async () => {
  cluster = await openCluster();
  folder = await temporaryFolder();
  const { hostname, port } = new URL(testComponent('s3').endpoint);
  proxy = await startFaultProxy({ host: hostname, port: Number(port) });
  await createS3Bucket({ ...testComponent('s3'), bucket: cluster.namespace });
  operator = startOperator(cluster, undefined, { making: await catalogueOfTest(folder.path) });
}, 60_000);
afterAll(async () => {
  await operator.stop();
  await proxy.close();
  await folder[Symbol.asyncDispose]();
  await cluster[Symbol.asyncDispose]();
}, 60_000);

const full = (name: string): string => `${name}-${cluster.namespace}`;

/** Makes the Secret of a pool, or gives it other keys. */
const giveKeys = (name: string, keys: Readonly<Record<string, string>>): Promise<void> => cluster.applySecret(full(name), keys);

/** Applies a pool in a folder of the bucket, by way of the proxy. */
async function makePool(name: string, prefix = name, annotations: Readonly<Record<string, string>> = {}): Promise<void> {
  const endpoint = `http://${proxy.host}:${proxy.port}`;
  const external = { endpoint, bucket: cluster.namespace, prefix, credentialsSecret: full(name) };
  await cluster.apply(storagePoolKind, full(name), { external, capacity: '10Gi' }, annotations);
}

/** Asks for a pass now, and not when a pool is looked at anyhow. */
const askFor = (name: string): Promise<void> => makePool(name, name, { 'driftbox.io/requested-at': String((asked += 1)) });

const said = (name: string, ...wanted: readonly string[]): Promise<SayingObject> =>
  waitUntilSaid(cluster, [storagePoolKind, full(name)], wanted);

const good = (): Readonly<Record<string, string>> => ({
  accessKey: testComponent('s3').accessKey,
  secretKey: testComponent('s3').secretKey,
});

test('a pool whose server does not answer says so, and is ready again by itself when it does', async () => {
  await giveKeys('away', good());
  await makePool('away');
  const ready = await said('away', 'Ready=True/Succeeded', 'StorageReady=True/Qualified');
  expect(ready.status).toMatchObject({ bucket: `${cluster.namespace}/away`, capacity: '10Gi', allocated: '0', used: '0' });
  proxy.set({ refused: true });
  proxy.cut();
  await askFor('away');
  const away = await said('away', 'Ready=False/Failing', 'StorageReady=False/Unreachable');
  expect(messageOf(away, 'StorageReady')).toContain('ECONNRESET');
  proxy.set({});
  await said('away', 'Ready=True/Succeeded', 'StorageReady=True/Qualified');
}, 120_000);

test('other keys take the place of those of a pool; those that the server refuses are told of', async () => {
  await giveKeys('keys', good());
  await makePool('keys');
  await said('keys', 'Ready=True/Succeeded');
  await giveKeys('keys', { accessKey: 'somebody', secretKey: 'not-the-right-one' });
  await askFor('keys');
  const refused = await said('keys', 'Ready=False/Failing', 'StorageReady=False/Unreachable');
  expect(messageOf(refused, 'Ready')).toMatch(/AccessDenied|InvalidAccessKeyId/);
  await giveKeys('keys', good());
  await said('keys', 'Ready=True/Succeeded');
}, 120_000);

test('a pool whose Secret is missing, or lacks a key, is stalled and says which', async () => {
  await makePool('secret');
  const missing = await said('secret', 'Stalled=True/ReferenceMissing', 'Ready=False/Stalled');
  expect(messageOf(missing, 'Stalled')).toContain(`there is no Secret ${full('secret')}`);
  await giveKeys('secret', { accessKey: 'somebody' });
  await askFor('secret');
  expect(messageOf(await said('secret', 'Stalled=True/SecretIncomplete'), 'Stalled')).toContain('has no secretKey');
  await giveKeys('secret', good());
  await askFor('secret');
  await said('secret', 'Ready=True/Succeeded');
}, 120_000);

test('a place in a bucket that another pool has is refused, and the other one is not disturbed', async () => {
  await giveKeys('first', good());
  await giveKeys('second', good());
  await makePool('first', 'shared');
  await said('first', 'Ready=True/Succeeded');
  await makePool('second', 'shared');
  expect(messageOf(await said('second', 'Stalled=True/PoolForeign', 'Ready=False/Stalled'), 'Stalled')).toContain('belongs to');
  await said('first', 'Ready=True/Succeeded');
  await cluster.delete(storagePoolKind, full('second'));
  await waitFor(async () => (await cluster.get(storagePoolKind, full('second'))) === undefined, { deadlineMs: 20_000 });
  await makePool('second', 'own');
  await said('second', 'Ready=True/Succeeded');
}, 120_000);
