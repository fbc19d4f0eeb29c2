import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync } from 'node:fs';
import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { installedFolder } from '../components/install/cache.ts';
import { debianEnvironment } from '../components/install/debian-program.ts';
import { runCommand } from '../components/install/run-command.ts';
import { kubernetesProgram, runtimeProgram } from '../components/programs.ts';
import { makeCertificates } from './certificates.ts';
import { clusterFolder, initScript, network } from './cluster-folder.ts';
import { makeControlGroups } from './control-groups.ts';
import { fillTemplates } from './fill-template.ts';
import { findCluster, type ClusterProcesses } from './find-cluster.ts';
import { kubectl } from './kubectl.ts';
import { hostLink, stopCluster } from './stop-cluster.ts';

/** What goes into a new cluster, and who hears how far it is. */
export type StartOptions = {
  /** Archives of images: those that the cluster's own parts need, and any others. */
  readonly images: readonly string[];
  /** Of DriftBox, in the references of the cluster's own images. */
  readonly version: string;
  readonly report: (line: string) => void;
};

const readyWithinMs = 180_000;

/**
 * Starts a one-node Kubernetes in namespaces of its own, with a network that leads to this machine and nowhere else, and
 * resolves when its DNS answers. Needs root. Throws, with the end of a log, when it does not come up; then nothing is left.
 */
export async function startCluster(options: StartOptions): Promise<void> {
  if (process.getuid?.() !== 0) throw new Error('a cluster needs root, for its namespaces and its network: run this as root');
  if ((await findCluster()) !== undefined) throw new Error('a cluster is up already; npm run cluster -- down ends it');
  const folder = clusterFolder();
  await stopCluster();
  await mkdir(folder, { recursive: true, mode: 0o711 });
  try {
    await prepare(folder, options);
    const processes = await launch(folder);
    await connect(processes, folder);
    options.report('namespaces and network made');
    await untilReady(folder, options.report);
  } catch (error) {
    await stopCluster({ keep: 'logs' });
    throw error;
  }
}

/**
 * Ends the running node as a power cut would, and starts it again with what it had on its disk; resolves when its DNS answers. Throws when
 * no cluster is up, or when it does not come back; its files stay then.
 */
export async function restartCluster(report: (line: string) => void): Promise<void> {
  const folder = clusterFolder();
  if (!(await stopCluster({ keep: 'everything' }))) throw new Error('no cluster is up; npm run cluster -- up starts one');
  report('the node is off');
  for (const mark of ['namespaces-made', 'link-made']) await rm(path.join(folder, mark), { force: true });
  await connect(await launch(folder), folder);
  await untilReady(folder, report);
}

async function prepare(folder: string, { images, version }: StartOptions): Promise<void> {
  await makeCertificates(path.join(folder, 'pki'));
  const values = {
    FOLDER: folder,
    RUNTIME: path.join(installedFolder(runtimeProgram), 'root'),
    VERSION: version,
    NODE_IP: network.node,
    PODS: network.pods,
    DNS: network.dns,
  };
  await fillTemplates(path.join(import.meta.dirname, 'settings'), path.join(folder, 'settings'), values);
  await fillTemplates(path.join(import.meta.dirname, 'manifests'), path.join(folder, 'manifests'), values);
  await mkdir(path.join(folder, 'cni'), { recursive: true });
  await copyFile(path.join(folder, 'settings/cni.conflist'), path.join(folder, 'cni/10-ptp.conflist'));
  await mkdir(path.join(folder, 'images'));
  for (const image of images) await copyFile(image, path.join(folder, 'images', path.basename(image)));
}

async function launch(folder: string): Promise<ClusterProcesses> {
  const groups = await makeControlGroups();
  await writeFile(path.join(folder, 'control-groups.json'), JSON.stringify(groups));
  const runtime = installedFolder(runtimeProgram);
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: '/root',
    FOLDER: folder,
    KUBERNETES: installedFolder(kubernetesProgram),
    RUNTIME: path.join(runtime, 'root'),
    RUNTIME_LIBRARIES: debianEnvironment(runtime)['LD_LIBRARY_PATH'] ?? '',
    IMAGES: path.join(folder, 'images'),
    NODE_IP: network.node,
    PODS: network.pods,
    SERVICES: network.services,
  };
  const namespaces = ['--pid', '--mount', '--net', '--uts', '--ipc', '--cgroup'];
  // The shell moves itself into the control groups, so that the new namespace of control groups begins there.
  const enter = groups.map((group) => `echo $$ > '${group}/cgroup.procs'`).join(' && ');
  const command = `${enter} && exec unshare --fork ${namespaces.join(' ')} --mount-proc --kill-child=KILL '${initScript}'`;
  const log = openSync(path.join(folder, 'init.log'), 'a', 0o600);
  const child = spawn('/bin/sh', ['-c', command], { detached: true, env, cwd: '/', stdio: ['ignore', log, log] });
  closeSync(log);
  const launcher = child.pid;
  if (launcher === undefined) throw new Error('unshare could not be started');
  child.unref();
  await until(async () => existsSync(path.join(folder, 'namespaces-made')), folder, 10_000, 'its namespaces');
  const children = await readFile(`/proc/${launcher}/task/${launcher}/children`, 'utf8');
  const processes = { launcher, init: Number(children.trim().split(' ')[0]) };
  await writeFile(path.join(folder, 'processes.json'), JSON.stringify(processes));
  return processes;
}

/** One link between this machine and the node; pods and services are reached over it. */
async function connect({ init }: ClusterProcesses, folder: string): Promise<void> {
  const ip = (...args: string[]): Promise<string> => runCommand('ip', args, { folder });
  await ip('link', 'add', hostLink, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', String(init));
  await ip('addr', 'add', `${network.host}/24`, 'dev', hostLink);
  await ip('link', 'set', hostLink, 'up');
  await writeFile(path.join(folder, 'link-made'), '');
  for (const range of [network.pods, network.services]) {
    await until(
      async () =>
        ip('route', 'replace', range, 'via', network.node, 'dev', hostLink).then(
          () => true,
          () => false,
        ),
      folder,
      10_000,
      `a route to ${range}`,
    );
  }
}

async function untilReady(folder: string, report: (line: string) => void): Promise<void> {
  const answers = (...args: string[]): Promise<string> => kubectl(args).catch(() => '');
  await until(async () => (await answers('get', '--raw', '/readyz')) === 'ok', folder, readyWithinMs, 'its API server');
  report('the API server is ready');
  await kubectl(['apply', '--server-side', '-f', path.join(folder, 'manifests')]);
  const nodeReady = '-o=jsonpath={.status.conditions[?(@.type=="Ready")].status}';
  await until(async () => (await answers('get', 'node', 'node1', nodeReady)) === 'True', folder, readyWithinMs, 'its node');
  report('the node is ready');
  for (const [namespace, name] of [
    ['kube-system', 'coredns'],
    ['local-path-storage', 'local-path-provisioner'],
  ] as const)
    await kubectl(['-n', namespace, 'rollout', 'status', `deployment/${name}`, '--timeout=120s']);
  report('names and volumes are served');
}

async function until(holds: () => Promise<boolean>, folder: string, withinMs: number, what: string): Promise<void> {
  for (const giveUpAtMs = performance.now() + withinMs; !(await holds()); await delay(100)) {
    if (performance.now() < giveUpAtMs) continue;
    const log = await readFile(path.join(folder, 'init.log'), 'utf8').catch(() => '');
    throw new Error(`the cluster did not get ${what} within ${withinMs / 1000} s; logs are in ${folder}\n${log.slice(-4_000)}`);
  }
}
