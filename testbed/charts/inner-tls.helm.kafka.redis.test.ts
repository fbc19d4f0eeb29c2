import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { createConnection } from 'node:net';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { tryKafka } from '@driftbox/event-bus';
import { tryRedis } from '@driftbox/redis';
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
import type { ChartObject } from './chart-object.ts';
import { renderChart } from './render-chart.ts';
import { sampleOf } from './samples.ts';

let objects: ChartObject[];
let folder: TemporaryFolder;
const running: ServerProcess[] = [];
beforeAll(async () => {
  const { values, ...sample } = sampleOf('driftbox-backends', 'TLS inside');
  objects = await renderChart({ ...sample, values: { ...values, profile: 'tiny' } });
  folder = await temporaryFolder();
});
afterAll(async () => {
  for (const server of running) await server.kill();
  await folder.remove();
});

/** Lays out what a part's pod finds at the root below a folder, each file as `change` has it. Answers the files' text. */
async function layOut(part: string, change: (text: string) => string): Promise<Readonly<Record<string, string>>> {
  const data = objects.find(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === `cell-${part}`)?.data ?? {};
  const at = path.join(folder.path, part);
  const move = (found: string): string => found.replaceAll(/(?<=^|[' =:])\/(?=(?:etc|var|tmp)\b)/gm, `${at}/`);
  const moved = Object.fromEntries(Object.entries(data).map(([name, found]) => [name, move(change(found))]));
  for (const name of ['tmp', `etc/${part}`, `etc/${part}-tls`, `var/lib/${part}`]) await mkdir(path.join(at, name), { recursive: true });
  for (const [name, found] of Object.entries(moved)) await writeFile(path.join(at, 'etc', part, name), found);
  await certify(part);
  return moved;
}

/** Puts a certificate for `localhost` in the place of the one before, which certifies itself. Answers it. */
async function certify(part: string): Promise<string> {
  const at = path.join(folder.path, part, `etc/${part}-tls`);
  const { cert, key } = await makeCertificate(at, 'DNS:localhost');
  await copyFile(cert, path.join(at, 'tls.crt'));
  await copyFile(key, path.join(at, 'tls.key'));
  return readFile(cert, 'utf8');
}

const shownBy = (part: string): Promise<string> => readFile(path.join(folder.path, part, `etc/${part}-tls/tls.crt`), 'utf8');

test('Redis speaks TLS at a port of its own, and takes another certificate when it is told to as its script does', async () => {
  const [port = 0, tlsPort = 0] = await freePorts(2);
  const files = await layOut('redis', (found) =>
    found.replace('port 6379', `port ${port}`).replace('tls-port 6380', `tls-port ${tlsPort}`),
  );
  const installed = installedFolder(redisProgram);
  const server = await startServerProcess({
    name: 'redis',
    command: path.join(installed, 'redis-server'),
    args: [path.join(folder.path, 'redis/etc/redis/redis.conf'), '--requirepass', 'secret'],
    env: debianEnvironment(installed),
    folder: folder.path,
    port,
  });
  running.push(server);
  const first = await shownBy('redis');
  const asks = (ca: string, at = tlsPort): Promise<void> => tryRedis(`rediss://:secret@localhost:${at}`, { trust: { ca: [ca] } });
  await asks(first);
  await tryRedis(`redis://:secret@localhost:${port}`);
  const second = await certify('redis');
  await expect(asks(second)).rejects.toThrow('self-signed certificate');
  const [, renew = ''] = /redis-cli (config set [^']+)'/.exec(files['start.sh'] ?? '') ?? [];
  const socket = createConnection({ host: '127.0.0.1', port });
  socket.end(`AUTH secret\r\n${renew}\r\nQUIT\r\n`);
  expect(await text(socket)).toBe('+OK\r\n+OK\r\n+OK\r\n');
  await asks(second);
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
  await waitFor(
    () =>
      asks(own).then(
        () => true,
        () => false,
      ),
    { deadlineMs: 60_000, what: 'a broker' },
  );
  await expect(asks(await shownBy('redis'))).rejects.toThrow('self-signed certificate');
  await tryKafka({ brokers: [`localhost:${port}`], clientId: 'test' });
}, 120_000);
