import { once } from 'node:events';
import { mkdir, rename, symlink, writeFile } from 'node:fs/promises';
import { get } from 'node:https';
import path from 'node:path';
import { connect } from 'node:tls';
import { createS3Bucket, createS3Client, type S3Client, type S3Request } from '@driftbox/chunk-store';
import { certifyNames, makeAuthority, type Certified } from '@driftbox/operator';
import { freePorts, startServerProcess, temporaryFolder, waitFor, type ServerProcess, type TemporaryFolder } from '@driftbox/testkit';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { installedFolder } from '../components/install/cache.ts';
import { minioProgram } from '../components/programs.ts';
import { workloadsOf, type Pod } from './chart-object.ts';
import { renderChart } from './render-chart.ts';
import { sampleOf } from './samples.ts';

const keys = { accessKey: 'driftbox', secretKey: 'of the test alone' };
const emptySha256 = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

let pod: Pod;
let folder: TemporaryFolder;
let authority: Certified;
let ports: number[];
const running: ServerProcess[] = [];
const clients: S3Client[] = [];
beforeAll(async () => {
  const objects = await renderChart(sampleOf('driftbox-backends', 'MinIO alone, by TLS'));
  pod = workloadsOf(objects).find(({ object }) => object.metadata.name === 'cell-minio')!.pod;
  folder = await temporaryFolder();
  authority = await makeAuthority('pool main', Date.now());
  ports = await freePorts(4);
});
afterAll(async () => {
  for (const one of clients) one.close();
  for (const server of running) await server.kill();
  await folder.remove();
});

const certificates = (): string => path.join(folder.path, 'minio-tls');

/** Certifies the nodes, and lays out that Secret as a kubelet does in their pods: links to a link, of which only the second changes. */
async function layOut(generation: number): Promise<string> {
  const { certificate, key } = await certifyNames(authority, ['localhost'], Date.now());
  const values: Readonly<Record<string, string>> = { 'minio.crt': certificate, 'minio.key': key, 'ca.crt': authority.certificate };
  const files = pod.volumes?.find(({ name }) => name === 'tls')?.secret?.items ?? [];
  const at = certificates();
  for (const file of files) {
    const real = path.join(at, `..${generation}`, file.path);
    await mkdir(path.dirname(real), { recursive: true });
    await writeFile(real, values[file.key] ?? '');
  }
  await symlink(`..${generation}`, path.join(at, '..new'));
  await rename(path.join(at, '..new'), path.join(at, '..data'));
  const names = new Set(files.map((file) => file.path.split('/')[0] ?? ''));
  if (generation === 1) for (const name of names) await symlink(`..data/${name}`, path.join(at, name));
  return certificate;
}

/** Starts a node by the arguments of its container, with its drive and its certificates below the folder, at a port of its own. */
async function startNode(n: number): Promise<ServerProcess> {
  const [server = '', ...args] = pod.containers[0]?.args ?? [];
  const nodes = args.pop()?.replace(/^(https?):\/\/cell-minio-\{0\.\.\.3\}\.cell-minio\.cell-one\.svc:9000\/data/, '$1') ?? '';
  const [scheme = '', ...drive] = nodes.split('/');
  const drives = ports.map((port, index) => `${scheme}://localhost:${port}${path.join(folder.path, String(index), ...drive)}`);
  await mkdir(path.join(folder.path, String(n), ...drive), { recursive: true });
  const port = ports[n] ?? 0;
  return startServerProcess({
    name: `minio-${n}`,
    command: path.join(installedFolder(minioProgram), 'minio'),
    args: [server, ...args.map((one) => one.replace('/etc/minio-tls', certificates()).replace(':9000', `:${port}`)), ...drives],
    env: {
      HOME: path.join(folder.path, 'home'),
      MINIO_ROOT_USER: keys.accessKey,
      MINIO_ROOT_PASSWORD: keys.secretKey,
      MINIO_BROWSER: 'off',
      MINIO_UPDATE: 'off',
      MINIO_CI_CD: '1',
      _MINIO_SERVER_LOCAL: `localhost:${port}`,
    },
    folder: folder.path,
    port,
    startTimeoutMs: 60_000,
    isReady: () => isWell(n),
  });
}

/** What a cell has of a node, or what somebody has who trusts another authority. */
function client(n: number, trusted = authority.certificate): S3Client {
  const made = createS3Client({ endpoint: `https://localhost:${ports[n]}`, bucket: 'packs', ...keys, authority: trusted });
  clients.push(made);
  return made;
}

/** Whether a node has found enough of the others. */
function isWell(n: number): Promise<boolean> {
  const asked = { ca: authority.certificate, agent: false };
  return new Promise((resolve) => {
    get(`https://localhost:${ports[n]}/minio/health/cluster`, asked, (answer) => {
      answer.resume();
      resolve(answer.statusCode === 200);
    }).on('error', () => resolve(false));
  });
}

/** Waits until a node has an object: one that has just begun may deny for some seconds what others have (docs/storage.md). */
async function isAt(n: number, key: string): Promise<void> {
  const asked = client(n);
  const isThere = async (): Promise<boolean> => (await asked.send({ method: 'HEAD', key }, 'read')).status === 200;
  await waitFor(isThere, { deadlineMs: 30_000, what: `the object at node ${n}` });
}

/** The certificate that a node shows now. */
async function shownBy(n: number): Promise<string> {
  const socket = connect({ host: 'localhost', port: ports[n] ?? 0, servername: 'localhost', ca: authority.certificate });
  await once(socket, 'secureConnect');
  const shown = socket.getPeerX509Certificate()?.toString() ?? '';
  socket.destroy();
  return shown;
}

const put = (key: string): S3Request => ({ method: 'PUT', key, body: { pieces: [], sizeBytes: 0, sha256Hex: emptySha256 } });

test('nodes of MinIO make one server by TLS, known by its authority, and show another certificate without beginning anew', async () => {
  const first = await layOut(1);
  running.push(...(await Promise.all(ports.map((_, n) => startNode(n)))));
  await createS3Bucket(client(0).options);
  await client(0).send(put('by-the-first'), 'write');
  await isAt(3, 'by-the-first');
  const stranger = await makeAuthority('pool other', Date.now());
  await expect(client(0, stranger.certificate).send({ method: 'HEAD' }, 'ask')).rejects.toMatchObject({
    cause: { message: expect.stringContaining('certificate') },
  });
  expect((await fetch(`http://localhost:${ports[0]}/minio/health/live`)).status).toBe(400);

  expect((await shownBy(2)).trim()).toBe(first.trim());
  const second = await layOut(2);
  // They look by themselves when they have run for a minute, and then every ten seconds.
  for (const { pid } of running) process.kill(pid, 'SIGHUP');
  for (const n of ports.keys())
    await waitFor(async () => (await shownBy(n)).trim() === second.trim(), { deadlineMs: 20_000, what: 'its next certificate' });
  // Who begins after that is known by the authority alone to those who began before; three of four are needed to write.
  await running[2]?.kill();
  running[2] = await startNode(2);
  await running[3]?.kill();
  const [writer, key] = [client(0), 'by-the-second'];
  const isWritten = async (): Promise<boolean> => (await writer.send(put(key), 'write')).status === 200;
  await waitFor(isWritten, { deadlineMs: 30_000, longestPauseMs: 500, what: 'a write to the three' });
  await isAt(2, key);
}, 120_000);
