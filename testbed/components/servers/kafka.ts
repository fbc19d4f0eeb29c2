import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { freePort, freePorts, makeCertificate, startServerProcess, type ServerProcess, type TestComponents } from '@driftbox/testkit';
import { Kafka, logLevel } from 'kafkajs';
import type { RestartableNode, RunningComponent } from '../component.ts';
import { installedFolder } from '../install/cache.ts';
import { findProgram } from '../install/find-program.ts';
import { runCommand } from '../install/run-command.ts';
import { keepTestLogs } from '../../src/keep-logs.ts';
import { kafkaJars } from '../programs.ts';
import { kafkaProperties, type KafkaNode } from './kafka-properties.ts';

/** Kafka while it runs; each broker can be killed and started again on its data. */
export type RunningKafka = RunningComponent & {
  readonly brokers: readonly string[];
  readonly nodes: readonly (RestartableNode & { readonly address: string })[];
};

const logging = `status = WARN
appender.stdout.type = Console
appender.stdout.name = STDOUT
appender.stdout.layout.type = PatternLayout
appender.stdout.layout.pattern = [%d] %p %m (%c)%n
rootLogger.level = WARN
rootLogger.appenderRef.stdout.ref = STDOUT
logger.kserver.name = kafka.server
logger.kserver.level = INFO
`;

/** A listener with TLS whose users log in by SCRAM-SHA-512. */
type Secure = TestComponents['kafka']['secure'];

/** Makes the certificate, and the name and password, of such a listener of the first broker. */
export async function secureListener(folder: string): Promise<Secure> {
  await mkdir(folder, { recursive: true });
  const { cert, key } = await makeCertificate(folder, 'DNS:localhost');
  const authority = await readFile(cert, 'utf8');
  await writeFile(keyStore(folder), `${await readFile(key, 'utf8')}${authority}`, { mode: 0o600 });
  const [username, password] = ['driftbox', randomBytes(12).toString('hex')];
  return { broker: `localhost:${await freePort()}`, authority, username, password };
}

const keyStore = (folder: string): string => path.join(folder, 'kafka.pem');

/** Starts brokers that are controllers as well (KRaft): one, or three of which one may be lost. */
export async function startKafka(folder: string, count: 1 | 3 = 1, secure?: Secure): Promise<RunningKafka> {
  // An id that began with a dash would be taken for an option: its first byte is fixed.
  const clusterId = Buffer.concat([Buffer.of(1), randomBytes(15)]).toString('base64url');
  const ports = await freePorts(2 * count);
  const nodes = Array.from({ length: count }, (_, n): KafkaNode => ({
    id: n + 1,
    port: ports[n] ?? 0,
    controllerPort: ports[count + n] ?? 0,
  }));
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, 'log4j2.properties'), logging);
  await Promise.all(nodes.map((node, n) => prepare(folder, node, nodes, clusterId, n === 0 ? secure : undefined)));
  const servers = await Promise.all(nodes.map((node) => startNode(folder, node, clusterId)));
  const brokers = nodes.map(({ port }) => `127.0.0.1:${port}`);
  return {
    brokers,
    addresses: { brokers: brokers.join(',') },
    pids: servers.map(({ pid }) => pid),
    logFiles: servers.map(({ logFile }) => logFile),
    nodes: nodes.map((node, n) => ({
      address: `127.0.0.1:${node.port}`,
      pid: () => servers[n]?.pid ?? 0,
      kill: async () => servers[n]?.kill(),
      start: async () => void (servers[n] = await startNode(folder, node, clusterId)),
    })),
    // A clean stop moves leaders one by one; nothing here is needed again.
    stop: async () => {
      await Promise.all(servers.map((server) => server.kill()));
      await keepTestLogs(folder);
    },
  };
}

function java(folder: string, heapMiB: number, mainClass: string, ...args: string[]): string[] {
  const classPath = path.join(installedFolder(kafkaJars), 'jars', '*');
  const flags = [`-Xms${heapMiB}m`, `-Xmx${heapMiB}m`, '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Djava.awt.headless=true'];
  return [...flags, `-Dlog4j2.configurationFile=file:${path.join(folder, 'log4j2.properties')}`, '-cp', classPath, mainClass, ...args];
}

const nameOf = ({ id }: KafkaNode): string => `kafka-${id}`;
const configurationOf = (folder: string, node: KafkaNode): string => path.join(folder, `${nameOf(node)}.properties`);

/** Writes the node's configuration and formats its data folder, unless it has been. */
async function prepare(folder: string, node: KafkaNode, nodes: readonly KafkaNode[], clusterId: string, secure?: Secure): Promise<void> {
  const data = path.join(folder, `${nameOf(node)}-data`);
  await mkdir(data, { recursive: true });
  if ((await readdir(data)).length > 0) return;
  await writeFile(configurationOf(folder, node), kafkaProperties(node, nodes, data, secure && { ...secure, keyStore: keyStore(folder) }));
  const voters = nodes.map((one) => `${one.id}@127.0.0.1:${one.controllerPort}:${directoryId(one)}`).join(',');
  const format = java(folder, 128, 'kafka.tools.StorageTool', 'format', '--cluster-id', clusterId, '--initial-controllers', voters);
  const user = secure && ['--add-scram', `SCRAM-SHA-512=[name=${secure.username},password=${secure.password}]`];
  await runCommand((await findProgram('java')) ?? 'java', [...format, '--config', configurationOf(folder, node), ...(user ?? [])], {
    folder,
  });
}

/** A directory's id is any 128 bits in Kafka's base64url form; ours say the node's number. */
function directoryId({ id }: KafkaNode): string {
  return Buffer.alloc(16, id).toString('base64url');
}

async function startNode(folder: string, node: KafkaNode, clusterId: string): Promise<ServerProcess> {
  return startServerProcess({
    name: nameOf(node),
    command: (await findProgram('java')) ?? 'java',
    args: java(folder, 256, 'kafka.Kafka', configurationOf(folder, node)),
    folder,
    port: node.port,
    startTimeoutMs: 90_000,
    isReady: () => isMember(node, clusterId),
  });
}

/** True when the broker answers with the cluster's id, and is one of its brokers. */
async function isMember({ id, port }: KafkaNode, clusterId: string): Promise<boolean> {
  const client = new Kafka({ clientId: 'start', brokers: [`127.0.0.1:${port}`], logLevel: logLevel.NOTHING, retry: { retries: 0 } });
  const admin = client.admin();
  try {
    await admin.connect();
    const cluster = await admin.describeCluster();
    return cluster.clusterId === clusterId && cluster.brokers.some((broker) => broker.nodeId === id);
  } finally {
    await admin.disconnect();
  }
}
