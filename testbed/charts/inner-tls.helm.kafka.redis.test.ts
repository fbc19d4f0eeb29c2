import { execFile } from 'node:child_process';
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { inspect, isDeepStrictEqual, promisify } from 'node:util';
import { tryKafka } from '@driftbox/event-bus';
import { takePasswords, takesPasswords, tryRedis } from '@driftbox/redis';
import {
  freePorts,
  makeCertificate,
  startServerProcess,
  temporaryFolder,
  waitFor,
  type ServerProcess,
  type TemporaryFolder,
} from '@driftbox/testkit';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { installedFolder } from '../components/install/cache.ts';
import { debianEnvironment } from '../components/install/debian-program.ts';
import { findProgram } from '../components/install/find-program.ts';
import { kafkaJars, redisProgram } from '../components/programs.ts';
import { workloadsOf, type ChartObject } from './chart-object.ts';
import { renderChart } from './render-chart.ts';
import { sampleOf } from './samples.ts';

const run = promisify(execFile);

/** Who may replace a password. */
const operator = { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'driftbox-system' } } };

let objects: ChartObject[];
let folder: TemporaryFolder;
const running: ServerProcess[] = [];
beforeAll(async () => {
  const { values, ...sample } = sampleOf('driftbox-backends', 'TLS inside');
  objects = await renderChart({ ...sample, values: { ...values, profile: 'tiny', networkPolicy: { operator } } });
  folder = await temporaryFolder();
});
afterAll(async () => {
  for (const server of running) await server.kill();
  await folder.remove();
});

/** Moves every path of a text below a part's folder. */
function movedTo(part: string, text: string): string {
  return text.replaceAll(/(?<=^|[' =:])\/(?=(?:etc|var|tmp)\b)/gm, `${path.join(folder.path, part)}/`);
}

/** Lays out what a part's pod finds at the root below a folder, each file as `change` has it. */
async function layOut(part: string, change: (text: string) => string): Promise<void> {
  const data = objects.find(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === `cell-${part}`)?.data ?? {};
  const at = path.join(folder.path, part);
  const moved = Object.fromEntries(Object.entries(data).map(([name, found]) => [name, movedTo(part, change(found))]));
  for (const name of ['tmp', `etc/${part}`, `etc/${part}-tls`, `var/lib/${part}`]) await mkdir(path.join(at, name), { recursive: true });
  for (const [name, found] of Object.entries(moved)) await writeFile(path.join(at, 'etc', part, name), found);
  await certify(part);
}

/** Puts a certificate for `localhost` in the place of the one before, which certifies itself. Answers it. */
async function certify(part: string): Promise<string> {
  const at = path.join(folder.path, part, `etc/${part}-tls`);
  const { cert, key } = await makeCertificate(at, 'DNS:localhost');
  await copyFile(cert, path.join(at, 'tls.crt'));
  await copyFile(key, path.join(at, 'tls.key'));
  return readFile(cert, 'utf8');
}

/** What comes of a promise, for whoever waits until it is kept. */
const yesOrNo = [() => true, () => false] as const;

const shownBy = (part: string): Promise<string> => readFile(path.join(folder.path, part, `etc/${part}-tls/tls.crt`), 'utf8');

test('Redis, as its script starts it, speaks TLS at a port of its own, and takes another certificate and passwords meanwhile', async () => {
  const [port = 0, tlsPort = 0] = await freePorts(2);
  await layOut('redis', (found) =>
    found
      .replace('port 6379', `port ${port}`)
      .replace('tls-port 6380', `tls-port ${tlsPort}`)
      .replace('redis-cli', `redis-cli -p ${port}`)
      // It looks until the server ends that the script becomes.
      .replace('sleep 3600', () => 'sleep 0.1 && kill -0 $$'),
  );
  const installed = installedFolder(redisProgram);
  const programs = `${installed}:${path.join(installed, 'root/usr/bin')}:/usr/bin:/bin`;
  const env = { ...debianEnvironment(installed), PATH: programs, PASSWORD: 'first', OTHER_PASSWORD: 'second' };
  const server = await startServerProcess({
    name: 'redis',
    command: '/bin/sh',
    args: [path.join(folder.path, 'redis/etc/redis/start.sh')],
    env,
    folder: folder.path,
    port,
  });
  running.push(server);
  const before = await shownBy('redis');
  const asks = (ca: string, password: string, at = tlsPort): Promise<void> =>
    tryRedis(`rediss://:${password}@localhost:${at}`, { trust: { ca: [ca] } });
  await asks(before, 'first');
  await tryRedis(`redis://:second@localhost:${port}`);
  await expect(asks(before, 'third')).rejects.toThrow('WRONGPASS');

  const at = { url: `rediss://localhost:${tlsPort}`, trust: { ca: [before] } };
  const passwords = ['third', 'second'];
  expect(await takesPasswords({ ...at, passwords: ['first', 'second'] })).toBe(true);
  expect(await takesPasswords({ ...at, passwords })).toBe(false);
  await takePasswords({ ...at, passwords });
  expect(await takesPasswords({ ...at, passwords })).toBe(true);
  await asks(before, 'third');
  await expect(asks(before, 'first')).rejects.toThrow('WRONGPASS');
  const refused = inspect(await takesPasswords({ ...at, passwords: ['first'] }).catch((error: unknown) => error));
  expect(refused).toContain('WRONGPASS');
  expect(refused).not.toContain("'first'");

  const probe = workloadsOf(objects).find(({ object }) => object.metadata.name === 'cell-redis')?.pod.containers[0]?.readinessProbe;
  const [shell = '', ...asked] = (probe?.exec?.command ?? []).map((one) => one.replace('redis-cli', `redis-cli -p ${port}`));
  expect(
    (
      await run(
        shell,
        asked.map((one) => movedTo('redis', one)),
        { env },
      )
    ).stdout,
  ).toBe('PONG\n');
  const renewed = await certify('redis');
  const isRenewed = () => asks(renewed, 'third').then(...yesOrNo);
  await waitFor(isRenewed, { deadlineMs: 60_000, what: 'the other certificate' });
});

test('who replaces the password of Redis reaches it by TLS alone, and nothing else', () => {
  const policies = objects.filter(({ kind }) => kind === 'NetworkPolicy');
  const ways = policies.flatMap(({ metadata, spec }) => (spec?.ingress ?? []).map((way) => ({ name: metadata.name, ...way })));
  const led = ways.filter(({ from = [] }) => from.length === 1 && isDeepStrictEqual(from[0], operator));
  expect(led).toEqual([{ name: 'cell-redis', from: [operator], ports: [{ port: 6380 }] }]);
});

test('a broker of Kafka, as its script makes one, proves its name at a listener of its own', async () => {
  const [port = 0, controllerPort = 0, tlsPort = 0] = await freePorts(3);
  await layOut('kafka', (found) =>
    found
      .replaceAll(/(?:@HOST@|cell-kafka-0)\.cell-kafka\.cell-one\.svc/g, 'localhost')
      .replaceAll(':9092', `:${port}`)
      .replaceAll(':9093', `:${controllerPort}`)
      .replaceAll(':9094', `:${tlsPort}`),
  );
  const java = (await findProgram('java')) ?? 'java';
  const server = await startServerProcess({
    name: 'kafka',
    command: '/bin/sh',
    args: [path.join(folder.path, 'kafka/etc/kafka/start.sh')],
    env: {
      HOSTNAME: 'cell-kafka-0',
      CLASSPATH: path.join(installedFolder(kafkaJars), 'jars/*'),
      PATH: `${path.dirname(java)}:/usr/bin:/bin`,
    },
    folder: folder.path,
    port: tlsPort,
    startTimeoutMs: 90_000,
  });
  running.push(server);
  const asks = (ca: string, broker = `localhost:${tlsPort}`): Promise<void> =>
    tryKafka({ brokers: [broker], clientId: 'test', tls: { ca: [ca] } });
  const own = await shownBy('kafka');
  await waitFor(() => asks(own).then(...yesOrNo), { deadlineMs: 60_000, what: 'a broker' });
  await expect(asks(await shownBy('redis'))).rejects.toThrow('self-signed certificate');
  await tryKafka({ brokers: [`localhost:${port}`], clientId: 'test' });
}, 120_000);
