import { randomBytes } from 'node:crypto';
import { expectOk, secretKind, type KubeObject, type Operator, type Secret } from '@driftbox/operator';
import { routes } from '@driftbox/protocol';
import { cellKind, cellNamespace, storagePoolKind } from '@driftbox/resources';
import { temporaryFolder, waitFor, type TemporaryFolder } from '@driftbox/testkit';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { addMinioUser, removeMinioUser } from '../components/servers/minio-users.ts';
import type { S3Addresses } from '../components/servers/minio.ts';
import { putFiles, signUpByApi, type ApiUser } from '../src/api-user.ts';
import { rawRequest } from '../src/raw-request.ts';
import { trustCertificate } from '../src/trust-certificate.ts';
import { startStack, type Stack } from '../stack/start-stack.ts';
import { catalogueOfTest } from './catalogue-of-test.ts';
import { openCluster, type ClusterOfTest } from './cluster-of-test.ts';
import { startOperator } from './operator-of-test.ts';
import { waitUntilSaid } from './said-of.ts';
import { deploymentKind, startScriptedNode } from './scripted-node.ts';

const keysOf = (accessKey: string) => ({ accessKey, secretKey: randomBytes(24).toString('base64url') });
const [first, second] = [keysOf('first'), keysOf('second')];
const bucket = 'driftbox-packs';

let cluster: ClusterOfTest;
let folder: TemporaryFolder;
let operator: Operator;
let node: AsyncDisposable;
/** What stands for the pods of the cell. */
let stack: Stack;
let owner: S3Addresses;
let asked = 0;

beforeAll(async () => {
  cluster = await openCluster();
  folder = await temporaryFolder();
  operator = startOperator(cluster, undefined, { making: await catalogueOfTest(folder.path) });
  node = startScriptedNode(cluster);
  stack = await startStack({
    small: true,
    replicas: 2,
    report: () => {},
    between: async (backends) => {
      owner = backends.s3;
      await addMinioUser(owner, first);
      await cluster.applySecret('s3', first);
      await askForPool();
      await askForCell();
      await waitUntilSaid(cluster, [cellKind, name()], ['Ready=True/Succeeded'], 120_000);
      return { ...backends, s3: { ...owner, ...(await keysOfPods()), bucket } };
    },
  });
  await trustCertificate(stack.certificateFile);
}, 300_000);
afterAll(async () => {
  await stack?.stop();
  await operator.stop();
  await node[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
  await cluster[Symbol.asyncDispose]();
}, 60_000);

const name = (): string => `keys-${cluster.namespace}`;

/** Makes the pool, or asks for its keys to be tried now. */
async function askForPool(): Promise<void> {
  const external = { endpoint: owner.endpoint, bucket, prefix: 'pool', credentialsSecret: 's3' };
  await cluster.apply(storagePoolKind, name(), { external }, { 'driftbox.io/requested-at': String((asked += 1)) });
}

/** Makes the cell, or asks for a pass over it now. */
async function askForCell(): Promise<void> {
  const spec = { version: '0.1.0', profile: 'tiny', domain: `${name()}.example.com`, pools: [name()] };
  await cluster.apply(cellKind, name(), spec, { 'driftbox.io/requested-at': String((asked += 1)) });
}

/** What a pod of the cell finds in its Secret when it starts. */
async function keysOfPods(): Promise<{ readonly accessKey: string; readonly secretKey: string }> {
  const at = { namespace: cellNamespace(name()), name: 'driftbox-s3' };
  const { data = {} } = expectOk(await cluster.api.get<Secret>(secretKind, at), 'reading the keys of the cell');
  const of = (key: string): string => Buffer.from(data[key] ?? '', 'base64').toString('utf8');
  return { accessKey: of('access-key'), secretKey: of('secret-key') };
}

/** What a Deployment of the cell makes its pods of: where it changes, Kubernetes starts them anew, one after another. */
async function podsOf(service: string): Promise<string> {
  type Deployment = KubeObject & { readonly spec: { readonly template: object } };
  const at = { namespace: cellNamespace(name()), name: `${name()}-${service}` };
  return JSON.stringify(expectOk(await cluster.api.get<Deployment>(deploymentKind, at), `reading ${service}`).spec.template);
}

type Put = { readonly name: string; readonly bytes: Buffer };

/** Somebody who puts one file after another until told to stop; a put that fails ends it. */
async function putOn(user: ApiUser, acknowledged: Put[], stopping: AbortSignal): Promise<void> {
  for (let n = 0; !stopping.aborted; n += 1) {
    const file = { name: `${n}.bin`, bytes: randomBytes(200 + (n % 5) * 40_000) };
    await putFiles(user, [file]);
    acknowledged.push(file);
  }
}

/** Waits until so many more files have been put. */
async function moreOf(acknowledged: readonly Put[], working: Promise<unknown>): Promise<void> {
  const before = acknowledged.length;
  const put = waitFor(() => acknowledged.length >= before + 20, { deadlineMs: 60_000, what: 'more files' });
  await Promise.race([put, working]);
}

async function contentOf({ client, accessToken, drive: { drive } }: ApiUser, path: string): Promise<Buffer> {
  const { entryId } = await client.call(routes.resolvePath, { params: { drive }, query: { path } });
  return (await rawRequest(stack.address, { path: `/v1/drives/${drive}/entries/${entryId}/content`, token: accessToken })).body;
}

test('the keys of a pool are changed while people put files: no put fails, and nothing that was put is lost', async () => {
  const stopping = new AbortController();
  const people = await Promise.all(['ada', 'bob', 'cy'].map((one) => signUpByApi(stack.address, one)));
  const acknowledged = people.map((): Put[] => []);
  const working = Promise.all(people.map((person, n) => putOn(person, acknowledged[n] ?? [], stopping.signal)));
  const busy = (): Promise<void[]> => Promise.all(acknowledged.map((one) => moreOf(one, working)));
  try {
    await busy();
    const before = await podsOf('upload');
    await addMinioUser(owner, second);
    await cluster.applySecret('s3', second);
    await askForPool();
    await waitFor(async () => (await podsOf('upload')) !== before, { deadlineMs: 60_000, what: 'pods with the other keys' });
    expect(await keysOfPods()).toEqual(second);
    for (const replica of stack.replicas.upload) {
      const { accessKey, secretKey } = await keysOfPods();
      await replica.stop();
      await replica.start({ DRIFTBOX_S3_ACCESS_KEY: accessKey, DRIFTBOX_S3_SECRET_KEY: secretKey });
      // For the while some pods have the one key and some the other.
      await busy();
    }
    await removeMinioUser(owner, first.accessKey);
    await busy();
  } finally {
    stopping.abort();
    await working;
  }
  await waitUntilSaid(cluster, [storagePoolKind, name()], ['Ready=True/Succeeded']);
  await waitUntilSaid(cluster, [cellKind, name()], ['Ready=True/Succeeded']);
  for (const [n, person] of people.entries())
    for (const file of acknowledged[n] ?? []) expect((await contentOf(person, file.name)).equals(file.bytes)).toBe(true);
}, 300_000);
