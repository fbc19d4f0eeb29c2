import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { freePorts, startServerProcess, type ServerProcess } from '@driftbox/testkit';
import type { RestartableNode, RunningComponent } from '../component.ts';
import { installedFolder } from '../install/cache.ts';
import { keepTestLogs } from '../../src/keep-logs.ts';
import { minioProgram } from '../programs.ts';

/** An S3 endpoint with the right to do everything. */
export type S3Addresses = { readonly endpoint: string; readonly accessKey: string; readonly secretKey: string; readonly region: string };

/** MinIO while it runs; each node can be killed and started again, and serves all of it at an address of its own. */
export type RunningMinio = RunningComponent & {
  readonly s3: S3Addresses;
  readonly nodes: readonly (RestartableNode & { readonly s3: S3Addresses })[];
};

type Node = { readonly name: string; readonly port: number; readonly consolePort: number; readonly drives: readonly string[] };

const nodeCount = 4;

/** Starts MinIO on one node with four drives, two of which may be lost. */
export async function startMinio(folder: string): Promise<RunningMinio> {
  const keys = newKeys();
  const [port = 0, consolePort = 0] = await freePorts(2);
  await Promise.all([1, 2, 3, 4].map((n) => mkdir(path.join(folder, `drive${n}`), { recursive: true })));
  const node = { name: 'minio', port, consolePort, drives: [path.join(folder, 'drive{1...4}')] };
  return startNodes(folder, [node], keys);
}

/** Starts MinIO on four nodes of one drive each, two of which may be lost for reads and one for writes. */
export async function startMinioCluster(folder: string): Promise<RunningMinio> {
  const keys = newKeys();
  const ports = await freePorts(2 * nodeCount);
  const drives = Array.from({ length: nodeCount }, (_, n) => path.join(folder, `node${n + 1}`, 'drive'));
  await Promise.all(drives.map((drive) => mkdir(drive, { recursive: true })));
  const urls = drives.map((drive, n) => `http://127.0.0.1:${ports[n]}${drive}`);
  const nodes = drives.map((_, n) => ({
    name: `minio-${n + 1}`,
    port: ports[n] ?? 0,
    consolePort: ports[nodeCount + n] ?? 0,
    drives: urls,
  }));
  return startNodes(folder, nodes, keys);
}

async function startNodes(folder: string, nodes: readonly Node[], keys: Keys): Promise<RunningMinio> {
  const servers = await Promise.all(nodes.map((node) => startNode(folder, node, keys)));
  const s3 = addressesOf(nodes[0]?.port ?? 0, keys);
  return {
    s3,
    addresses: s3,
    pids: servers.map(({ pid }) => pid),
    logFiles: servers.map(({ logFile }) => logFile),
    nodes: nodes.map((node, n) => ({
      s3: addressesOf(node.port, keys),
      pid: () => servers[n]?.pid ?? 0,
      kill: async () => servers[n]?.kill(),
      start: async () => void (servers[n] = await startNode(folder, node, keys)),
    })),
    stop: async () => {
      await Promise.all(servers.map((server) => server.stop()));
      await keepTestLogs(folder);
    },
  };
}

type Keys = { readonly accessKey: string; readonly secretKey: string };

function newKeys(): Keys {
  return { accessKey: 'driftbox', secretKey: randomBytes(24).toString('base64url') };
}

function addressesOf(port: number, keys: Keys): S3Addresses {
  return { endpoint: `http://127.0.0.1:${port}`, ...keys, region: 'us-east-1' };
}

async function startNode(folder: string, node: Node, keys: Keys): Promise<ServerProcess> {
  const { name, port, consolePort, drives } = node;
  return startServerProcess({
    name,
    command: path.join(installedFolder(minioProgram), 'minio'),
    args: ['server', '--address', `127.0.0.1:${port}`, '--console-address', `127.0.0.1:${consolePort}`, ...drives],
    env: {
      HOME: folder,
      MINIO_ROOT_USER: keys.accessKey,
      MINIO_ROOT_PASSWORD: keys.secretKey,
      MINIO_SITE_REGION: 'us-east-1',
      MINIO_BROWSER: 'off',
      MINIO_UPDATE: 'off',
      MINIO_CALLHOME_ENABLE: 'off',
      // Drives may be folders of the system's disk.
      MINIO_CI_CD: '1',
      // In a container MinIO waits for another address of its own than the loopback.
      _MINIO_SERVER_LOCAL: `127.0.0.1:${port}`,
    },
    folder,
    port,
    startTimeoutMs: 60_000,
    isReady: async () => (await fetch(`http://127.0.0.1:${port}/minio/health/cluster`)).ok,
  });
}
