import { randomBytes } from 'node:crypto';
import { createConnection } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { createClient, httpTransport } from '@driftbox/api-client';
import { expectOk, secretKind, type KubeObject, type Operator, type Secret } from '@driftbox/operator';
import { connectClient } from '@driftbox/postgres';
import { routes } from '@driftbox/protocol';
import { tryRedis } from '@driftbox/redis';
import { cellKind, cellNamespace, storagePoolKind } from '@driftbox/resources';
import { signServiceToken } from '@driftbox/service-kit';
import { temporaryFolder, waitFor, type TemporaryFolder } from '@driftbox/testkit';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { addMinioUser, removeMinioUser } from '../components/servers/minio-users.ts';
import type { S3Addresses } from '../components/servers/minio.ts';
import { putFiles, signUpByApi, type ApiUser } from '../src/api-user.ts';
import { rawRequest } from '../src/raw-request.ts';
import { trustCertificate } from '../src/trust-certificate.ts';
import type { Backends } from '../stack/start-backends.ts';
import { startStack, type Stack } from '../stack/start-stack.ts';
import { catalogueOfTest } from './catalogue-of-test.ts';
import { openCluster, type ClusterOfTest } from './cluster-of-test.ts';
import { runJobs, type JobRunner } from './job-runner.ts';
import { startOperator } from './operator-of-test.ts';
import { processesAsPods } from './processes-as-pods.ts';
import { waitUntilSaid, type SayingObject } from './said-of.ts';
import { deploymentKind, startScriptedNode } from './scripted-node.ts';

const keysOf = (accessKey: string) => ({ accessKey, secretKey: randomBytes(24).toString('base64url') });
const [first, second] = [keysOf('first'), keysOf('second')];
const bucket = 'driftbox-packs';
const session = { applicationName: 'test', statementTimeoutMs: 10_000, connectTimeoutMs: 5_000 };

let cluster: ClusterOfTest;
let folder: TemporaryFolder;
let operator: Operator;
let node: AsyncDisposable;
/** What stands for the pods of the cell. */
let stack: Stack;
/** And for those of its Jobs. */
let jobs: JobRunner | undefined;
/** Where its PostgreSQL is in place of the one that would come along: `@HOST:PORT/`. */
let server: string;
/** And its Redis: `redis://HOST:PORT`. */
let redis: string;
let owner: S3Addresses;
let asked = 0;

beforeAll(async () => {
  cluster = await openCluster();
  folder = await temporaryFolder();
  operator = startOperator(cluster, undefined, { making: { ...(await catalogueOfTest(folder.path)), reachRedis: () => ({ url: redis }) } });
  node = startScriptedNode(cluster, { endsJobs: false });
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
      jobs = await runMigrations(backends);
      await waitUntilSaid(cluster, [cellKind, name()], ['Ready=True/Succeeded'], 120_000);
      const urlOf = await secretIn(cellNamespace(name()), 'driftbox-databases');
      const databases = (role: string): string => atServer(urlOf(role.replace('_', '-')));
      const redisUrl = await protectRedis(backends);
      return {
        ...backends,
        databases,
        redisUrl,
        s3: { ...owner, ...(await keysOfPods()), bucket },
        secrets: { serviceKey: await serviceKey() },
      };
    },
  });
  await trustCertificate(stack.certificateFile);
}, 300_000);
afterAll(async () => {
  await stack?.stop();
  await jobs?.[Symbol.asyncDispose]();
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
async function askForCell(more: Readonly<Record<string, string>> = {}): Promise<void> {
  const spec = { version: '0.2.0', profile: 'tiny', domain: `${name()}.example.com`, pools: [name()] };
  await cluster.apply(cellKind, name(), spec, { 'driftbox.io/requested-at': String((asked += 1)), ...more });
}

async function secretIn(namespace: string, called: string): Promise<(key: string) => string> {
  const { data = {} } = expectOk(await cluster.api.get<Secret>(secretKind, { namespace, name: called }), `reading the Secret ${called}`);
  return (key) => Buffer.from(data[key] ?? '', 'base64').toString('utf8');
}

/** A connection string of the cell, to where its PostgreSQL is. */
const atServer = (url: string): string => url.replace(/@[^/]+\//, server);

/** Runs the migrations of the cell on a PostgreSQL that was made as that of its chart is. */
async function runMigrations({ databases, databaseAdmin, brokers }: Backends): Promise<JobRunner> {
  [server = ''] = /@[^/]+\//.exec(databases('auth')) ?? [];
  const namespace = cellNamespace(name());
  const made = () => secretIn(namespace, 'driftbox-postgres').catch(() => undefined);
  const admin = await waitFor(made, { deadlineMs: 60_000, what: 'the passwords of PostgreSQL' });
  const client = await connectClient(databaseAdmin, session);
  await client.query(`ALTER ROLE postgres PASSWORD '${admin('password')}'`);
  await client.end();
  return runJobs(cluster.api, namespace, (given) => ({
    ...Object.fromEntries(Object.entries(given).map(([setting, value]) => [setting, atServer(value)])),
    DRIFTBOX_KAFKA_BROKERS: brokers.join(','),
    // These speak no TLS.
    DRIFTBOX_KAFKA_TLS: 'false',
    DRIFTBOX_KAFKA_AUTHORITY_FILE: '',
    DRIFTBOX_DATABASE_AUTHORITY_FILE: '',
  }));
}

/** Gives Redis the password that the chart would start it with. Answers how services reach it. */
async function protectRedis({ redisUrl }: Backends): Promise<string> {
  redis = redisUrl;
  const [of, urlOf] = await Promise.all(['driftbox-redis-password', 'driftbox-redis'].map((one) => secretIn(cellNamespace(name()), one)));
  const { hostname, port } = new URL(redis);
  const socket = createConnection({ host: hostname, port: Number(port) });
  socket.end(`ACL SETUSER default >${of?.('password')}\r\nQUIT\r\n`);
  expect(await text(socket)).toBe('+OK\r\n+OK\r\n');
  return atRedis(urlOf?.('url') ?? '');
}

/** A URL of the cell's Redis, to where it is. */
const atRedis = (url: string): string => url.replace(/^.*:\/\/(.*@).*/, redis.replace('://', '://$1'));

/** By which the operator calls the services of the cell now. */
const serviceKey = async (): Promise<string> => (await secretIn(cluster.namespace, `cell-${name()}`))('service-key');

/** What a pod of the cell finds in its Secret when it starts. */
async function keysOfPods(): Promise<{ readonly accessKey: string; readonly secretKey: string }> {
  const of = await secretIn(cellNamespace(name()), 'driftbox-s3');
  return { accessKey: of('access-key'), secretKey: of('secret-key') };
}

/** What a Deployment of the cell makes its pods of: where it changes, Kubernetes starts them anew, one after another. */
async function podsOf(service: string): Promise<string> {
  type Deployment = KubeObject & { readonly spec: { readonly template: object } };
  const at = { namespace: cellNamespace(name()), name: `${name()}-${service}` };
  return JSON.stringify(expectOk(await cluster.api.get<Deployment>(deploymentKind, at), `reading ${service}`).spec.template);
}

/** As the status of a Cell has it. */
type Rotation = { readonly phase?: string; readonly token?: string };
type Put = { readonly name: string; readonly bytes: Buffer };

/** Somebody who puts one file after another, and gets it back if so told, until told to stop; what fails ends it. */
async function putOn(user: ApiUser, acknowledged: Put[], stopping: AbortSignal, get?: typeof contentOf): Promise<void> {
  for (let n = 0; !stopping.aborted; n += 1) {
    const file = { name: `${n}.bin`, bytes: randomBytes(200 + (n % 5) * 40_000) };
    await putFiles(user, [file]);
    if (get !== undefined) expect((await get(user, file.name)).equals(file.bytes)).toBe(true);
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

/** Who asks auth for the tenant again and again, as the operator does, by the key that is the cell's then; each refusal ends it. */
async function administer(stopping: AbortSignal): Promise<void> {
  for (; !stopping.aborted; await delay(100)) await tenantInAuth(stack.internal.auth, await serviceKey());
}

async function tenantInAuth(address: string, key: string): Promise<unknown> {
  const transport = httpTransport(address);
  const { tenantId: tenant } = stack.tenant;
  try {
    const token = () => signServiceToken(key, { caller: 'admin', tid: tenant });
    return await createClient({ transport, token }).call(routes.getTenantInAuth, { params: { tenant } });
  } finally {
    transport.close();
  }
}

/** Logs in to PostgreSQL as these connection strings say. */
async function logIn(urls: readonly string[]): Promise<void> {
  for (const connectionString of urls) await (await connectClient({ connectionString }, session)).end();
}

/** By which services of the cell, and its migrations, log in to PostgreSQL now. */
async function loginsNow(): Promise<readonly string[]> {
  const [urlOf, admin] = await Promise.all(['driftbox-databases', 'driftbox-postgres'].map((one) => secretIn(cellNamespace(name()), one)));
  return [...['auth', 'auth-relay', 'metadata', 'sync'].map((role) => urlOf?.(role) ?? ''), admin?.('admin-url') ?? ''].map(atServer);
}

/** Who comes to Redis again and again as pods that run do; each refusal of one that still does ends it. */
async function comeToRedis(urls: ReadonlySet<string>, stopping: AbortSignal): Promise<void> {
  for (; !stopping.aborted; await delay(100))
    for (const url of urls)
      await tryRedis(url).catch((error: unknown) => {
        if (urls.has(url)) throw error;
      });
}

test('key and passwords of a cell are rotated while people put and get files: nobody is refused, and then the old ones are', async () => {
  const { auth, metadata, upload, ...others } = stack.replicas;
  // Nobody asks these, and they would have to have the other key as well.
  await Promise.all(Object.values(others).flatMap((all) => all.map((one) => one.stop())));
  const parts = Object.entries({ auth, metadata, upload }).map(([part, replicas]) => ({ part, container: part, replicas }));
  const all = [...parts, { part: 'gateway', container: 'verify', replicas: stack.verifies }];
  const isRotated = ([setting]: readonly [string, string]): boolean => /(SERVICE_KEY|DATABASE_URL|DATABASE_PASSWORD)$/.test(setting);
  const redisUrls = new Set([stack.backends.redisUrl]);
  const pods = await processesAsPods(cluster.api, name(), all, ({ DRIFTBOX_REDIS_URL: url, ...given }) => {
    const rotated = Object.entries(given).flatMap((one) => (isRotated(one) ? [[one[0], atServer(one[1])]] : []));
    if (url !== undefined) rotated.push(['DRIFTBOX_REDIS_URL', atRedis(url)]);
    if (url !== undefined) redisUrls.add(atRedis(url));
    return Object.fromEntries(rotated) as Record<string, string>;
  });
  const [before, oldLogins] = [await serviceKey(), await loginsNow()];
  const stopping = new AbortController();
  const people = await Promise.all(['dan', 'eve'].map((one) => signUpByApi(stack.address, one)));
  const acknowledged = people.map((): Put[] => []);
  const working = Promise.all([
    ...people.map((person, n) => putOn(person, acknowledged[n] ?? [], stopping.signal, contentOf)),
    administer(stopping.signal),
    comeToRedis(redisUrls, stopping.signal),
  ]);
  const phases: string[] = [];
  const rotationNow = async () => (await cluster.get<SayingObject>(cellKind, name()))?.status?.['rotation'] as Rotation;
  try {
    await askForCell({ 'driftbox.io/rotate-secrets': 'once' });
    const isDone = async (): Promise<boolean> => {
      const { phase = '', token } = await rotationNow();
      if (phase !== phases.at(-1)) phases.push(phase);
      // All of them have the newest then.
      if ((await pods.roll()) > 0) for (const url of [...redisUrls].slice(0, -1)) redisUrls.delete(url);
      return phase === '' && token === 'once';
    };
    await Promise.race([waitFor(isDone, { deadlineMs: 240_000, longestPauseMs: 500, what: 'other secrets' }), working]);
    await Promise.all(acknowledged.map((one) => moreOf(one, working)));
  } finally {
    stopping.abort();
    await working;
  }
  expect(phases.filter((phase) => phase !== '')).toEqual(['Adding', 'Switching', 'Withdrawing']);
  await waitUntilSaid(cluster, [cellKind, name()], ['Ready=True/Succeeded', 'SecretsRotated=True/Current']);
  for (const { internal } of auth) {
    await tenantInAuth(`http://${internal}`, await serviceKey());
    await expect(tenantInAuth(`http://${internal}`, before)).rejects.toMatchObject({ code: 'unauthenticated' });
  }
  await tryRedis([...redisUrls].at(-1) ?? '');
  await expect(tryRedis(stack.backends.redisUrl)).rejects.toThrow('WRONGPASS');
  await logIn(await loginsNow());
  for (const login of oldLogins) await expect(logIn([login])).rejects.toMatchObject({ code: '28P01' });
}, 300_000);
