import { execFile } from 'node:child_process';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { createKafkaClient } from '@driftbox/event-bus';
import { expectOk, secretKind, type KubeObject, type Secret } from '@driftbox/operator';
import { startPostgresServer, type PostgresServer } from '@driftbox/postgres-server';
import { createClient } from '@driftbox/postgres';
import { connectRedis } from '@driftbox/redis';
import { cellKind, cellNamespace, storagePoolKind } from '@driftbox/resources';
import { freePorts, secureServer, temporaryFolder, testComponent, waitFor, type TemporaryFolder } from '@driftbox/testkit';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startReplica } from '../src/replica.ts';
import { projectFolder } from '../src/standalone-process.ts';
import type { ClusterOfTest } from './cluster-of-test.ts';
import { jobKind, settingsOf, type Variable } from './job-runner.ts';
import { openMadePools, type MadePools } from './made-pools.ts';
import { messageOf, waitUntilSaid, type SayingObject } from './said-of.ts';
import { deploymentKind } from './scripted-node.ts';

type Volume = { readonly name: string; readonly secret?: { readonly secretName: string } };
type PodSpec = {
  readonly containers: readonly { readonly args: readonly string[]; readonly env: readonly Variable[] }[];
  readonly volumes: readonly Volume[];
};
/** A Deployment, or a Job. */
type Workload = KubeObject & { readonly spec: { readonly template: { readonly spec: PodSpec } } };

let world: MadePools;
let cluster: ClusterOfTest;
let folder: TemporaryFolder;
let postgres: PostgresServer;
let asked = 0;

beforeAll(async () => {
  world = await openMadePools();
  ({ cluster } = world);
  folder = await temporaryFolder();
  await chmod(folder.path, 0o755);
  postgres = await startPostgresServer({ folder: folder.path, durability: 'fast', port: 0 });
  const { cert } = await secureServer(postgres, folder.path);
  await makeRole('boss', 'secret');
  const { accessKey, secretKey, endpoint } = testComponent('s3');
  await cluster.applySecret('s3', { accessKey, secretKey });
  await cluster.apply(storagePoolKind, full('pool'), { external: { endpoint, bucket: cluster.namespace, credentialsSecret: 's3' } });
  const { redis, kafka } = { redis: testComponent('redis').secure, kafka: testComponent('kafka').secure };
  await cluster.applySecret('pg-ca', { 'ca.crt': await readFile(cert, 'utf8') });
  await cluster.applySecret('redis-ca', { 'ca.crt': redis.authority });
  await cluster.applySecret('redis-cert', { 'tls.crt': redis.authority, 'tls.key': redis.key });
  await cluster.applySecret('kafka', { username: kafka.username, password: kafka.password });
  await cluster.applySecret('kafka-ca', { 'ca.crt': kafka.authority });
}, 60_000);
afterAll(async () => {
  await world[Symbol.asyncDispose]();
  await postgres.stop();
  await folder.remove();
}, 60_000);

const full = (name: string): string => `${name}-${cluster.namespace}`;

async function makeRole(name: string, password: string): Promise<void> {
  const client = createClient(postgres.connection, { applicationName: 'test', statementTimeoutMs: 10_000, connectTimeoutMs: 5_000 });
  await client.connect();
  await client.query(`CREATE ROLE ${name} SUPERUSER LOGIN PASSWORD '${password}'`);
  await client.end();
}

type Part = Readonly<Record<string, unknown>>;
/** The back ends of others as a spec names them, changed in single fields. */
const outside = (pg: Part = {}, redis: Part = {}, kafka: Part = {}) => ({
  postgres: { external: { hosts: ['localhost'], port: postgres.tcpPort, credentialsSecret: 'pg', authoritySecret: 'pg-ca', ...pg } },
  redis: {
    external: {
      host: 'localhost',
      port: Number(new URL(testComponent('redis').secure.url).port),
      credentialsSecret: 'redis',
      authoritySecret: 'redis-ca',
      certificateSecret: 'redis-cert',
      ...redis,
    },
  },
  kafka: {
    external: {
      brokers: [testComponent('kafka').secure.broker],
      replicas: 1,
      credentialsSecret: 'kafka',
      authoritySecret: 'kafka-ca',
      ...kafka,
    },
  },
});

async function makeCell(name: string, spec: object): Promise<void> {
  const usual = { version: '0.1.0', profile: 'tiny', domain: `${full(name)}.example.com`, pools: [full('pool')] };
  await cluster.apply(cellKind, full(name), { ...usual, ...spec }, { 'driftbox.io/requested-at': String((asked += 1)) });
}
const said = (name: string, ...wanted: readonly string[]): Promise<SayingObject> =>
  waitUntilSaid(cluster, [cellKind, full(name)], wanted, 120_000);

const givePassword = (secret: 'pg' | 'redis', password: string): Promise<void> =>
  cluster.applySecret(secret, { username: secret === 'pg' ? 'boss' : testComponent('redis').secure.username, password });

async function secretOf(name: string, secret: string): Promise<Readonly<Record<string, string>>> {
  const at = { namespace: cellNamespace(full(name)), name: secret };
  const { data = {} } = expectOk(await cluster.api.get<Secret>(secretKind, at), `reading the Secret ${secret}`);
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, Buffer.from(value, 'base64').toString('utf8')]));
}

async function podOf(name: string, service: string): Promise<PodSpec> {
  const at = { namespace: cellNamespace(full(name)), name: `${full(name)}-${service}` };
  return expectOk(await cluster.api.get<Workload>(deploymentKind, at), `reading the Deployment ${at.name}`).spec.template.spec;
}

async function environmentOf(name: string, service: string): Promise<Readonly<Record<string, string | undefined>>> {
  const { containers } = await podOf(name, service);
  return Object.fromEntries(containers.flatMap(({ env }) => env).map((one) => [one.name, one.value]));
}

/** What a pod's program finds when it starts: its settings, and its Secrets as files, below a folder of this test. */
async function givenTo(name: string, { containers, volumes }: PodSpec): Promise<Readonly<Record<string, string>>> {
  const mounted = path.join(folder.path, 'mounted');
  for (const { name: volume, secret } of volumes) {
    if (secret === undefined) continue;
    await mkdir(path.join(mounted, volume), { recursive: true });
    for (const [key, text] of Object.entries(await secretOf(name, secret.secretName)))
      await writeFile(path.join(mounted, volume, key), text, { mode: 0o600 });
  }
  const settings = await settingsOf(cluster.api, cellNamespace(full(name)), containers[0]?.env ?? []);
  return Object.fromEntries(Object.entries(settings).map(([key, text]) => [key, text.replaceAll('/etc/driftbox', mounted)]));
}

test('PostgreSQL, Kafka and Redis of others that do not let a cell in are told of, each by what is wrong, until they do', async () => {
  await givePassword('pg', 'wrong');
  await givePassword('redis', 'wrong');
  await makeCell('one', outside({ authoritySecret: undefined }, {}, { authoritySecret: undefined }));
  const untrusted = await said('one', 'Ready=False/Failing', 'DatabaseReady=False/Untrusted', 'MessagingReady=False/Untrusted');
  const hint = 'self-signed certificate; authoritySecret is to name its authority';
  expect(messageOf(untrusted, 'DatabaseReady')).toBe(`spec.postgres.external: its certificate is not trusted: ${hint}`);
  expect(messageOf(untrusted, 'MessagingReady')).toMatch(new RegExp(`^spec.kafka.external: its certificate is not trusted: .*${hint}$`));

  await makeCell('one', outside({ hosts: ['127.0.0.1'] }));
  const misnamed = await said('one', 'DatabaseReady=False/Untrusted', 'MessagingReady=False/Refused');
  expect(messageOf(misnamed, 'DatabaseReady')).toContain('its certificate is for another name');
  expect(messageOf(misnamed, 'MessagingReady')).toContain('spec.redis.external: it does not let the cell in: WRONGPASS');

  await givePassword('redis', testComponent('redis').secure.password);
  await makeCell('one', outside());
  const refused = await said('one', 'DatabaseReady=False/Refused', 'MessagingReady=True/Available');
  expect(messageOf(refused, 'Ready')).toContain('password authentication failed for user "boss"');

  await givePassword('pg', 'secret');
  await makeCell('one', outside());
  await said('one', 'Ready=True/Succeeded', 'DatabaseReady=True/Available', 'MessagingReady=True/Available');
  const before = await secretOf('one', 'driftbox-redis');
  expect(before['url']).toMatch(/^rediss:/);

  // A typo in what is changed stays where it is: pods go on with what has worked.
  await givePassword('redis', 'mistyped');
  await makeCell('one', outside());
  await said('one', 'Ready=False/Failing', 'MessagingReady=False/Refused');
  expect(await secretOf('one', 'driftbox-redis')).toEqual(before);
  await givePassword('redis', testComponent('redis').secure.password);
  await makeCell('one', outside());
  await said('one', 'Ready=True/Succeeded', 'MessagingReady=True/Available');
}, 240_000);

test('two cells on one pool, PostgreSQL, Kafka and Redis of others share no name', async () => {
  await givePassword('pg', 'secret');
  await givePassword('redis', testComponent('redis').secure.password);
  for (const name of ['one', 'two']) await makeCell(name, outside());
  const ids = [];
  for (const name of ['one', 'two']) {
    const { status } = await said(name, 'Ready=True/Succeeded', 'Released=True/InSync', 'StorageReady=True/Qualified');
    const id = String(status?.['cellId']);
    ids.push(id);
    const short = id.replaceAll('-', '').slice(0, 16);
    for (const [key, url] of Object.entries(await secretOf(name, 'driftbox-databases'))) {
      const { pathname, username, search } = new URL(url);
      expect([key, pathname, username, search]).toEqual([
        key,
        `/driftbox_${short}`,
        expect.stringContaining(short),
        '?sslmode=verify-full',
      ]);
    }
    expect(await environmentOf(name, 'upload')).toMatchObject({ DRIFTBOX_S3_PREFIX: `${id}/packs/` });
    expect(await environmentOf(name, 'sync')).toMatchObject({
      DRIFTBOX_REDIS_PREFIX: `driftbox:${short}:`,
      DRIFTBOX_REDIS_CERTIFICATE_FILE: '/etc/driftbox/redis-certificate/tls.crt',
      DRIFTBOX_KAFKA_PREFIX: `${short}.`,
      DRIFTBOX_KAFKA_TLS: 'true',
      NODE_EXTRA_CA_CERTS: '/etc/driftbox/authorities/ca.crt',
    });
  }
  expect(new Set(ids).size).toBe(2);
}, 240_000);

test('what pods of such a cell are given lets them in: its Job makes schemas and topics, a service hears hints and events', async () => {
  const { status } = await said('one', 'Ready=True/Succeeded');
  const short = String(status?.['cellId']).replaceAll('-', '').slice(0, 16);
  const { items } = expectOk(await cluster.api.list<Workload>(jobKind, { namespace: cellNamespace(full('one')) }), 'listing Jobs');
  const { spec: job } = items[0]!.spec.template;
  const program = ['--no-warnings', ...(job.containers[0]?.args ?? [])];
  await promisify(execFile)(process.execPath, program, { cwd: projectFolder, env: await givenTo('one', job) });

  const [port = 0, internalPort = 0] = await freePorts(2);
  const own = { DRIFTBOX_SYNC_HOST: '127.0.0.1', DRIFTBOX_SYNC_PORT: String(port), DRIFTBOX_SYNC_INTERNAL_PORT: String(internalPort) };
  const env = { ...(await givenTo('one', await podOf('one', 'sync'))), ...own };
  const main = path.join(projectFolder, 'services/sync/src/main.ts');
  const sync = await startReplica({ name: 'sync', main, env, port, internalPort, folder: folder.path });
  const redis = connectRedis(testComponent('redis').url, () => {});
  const kafka = createKafkaClient({ brokers: testComponent('kafka').brokers, clientId: 'test' }).admin();
  try {
    await kafka.connect();
    const hearsHints = async (): Promise<boolean> => Number((await redis.pubsub('NUMSUB', `driftbox:${short}:hints`))[1]) > 0;
    await waitFor(() => hearsHints().catch(() => false), { deadlineMs: 30_000, what: 'who hears hints' });
    const hearsEvents = async () => (await kafka.listGroups()).groups.some(({ groupId }) => groupId.startsWith(`${short}.sync-`));
    await waitFor(hearsEvents, { deadlineMs: 30_000, what: 'who hears events' });
  } finally {
    redis.disconnect();
    await kafka.disconnect();
    await sync.stop();
  }
}, 120_000);
