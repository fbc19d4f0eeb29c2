import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import path from 'node:path';
import { freePorts, startServerProcess, type ServerProcess } from '@driftbox/testkit';
import type { RunningComponent } from '../component.ts';
import { installedFolder } from '../install/cache.ts';
import { kubernetesProgram } from '../programs.ts';

/** An API server while it runs, without anything behind it that would run pods. */
export type RunningKubernetes = RunningComponent & {
  /** The file that gives kubectl and every client library the right to do everything. */
  readonly kubeconfig: string;
  /** kubectl of the same version. */
  readonly kubectl: string;
};

/** Memory is there, time is not: garbage is collected at a quarter of the usual rate. */
const rarelyCollecting = { GOGC: '400', GOMEMLIMIT: '1GiB' };

type Access = { readonly url: string; readonly certificate: string; readonly token: string };

/**
 * Starts etcd and a Kubernetes API server: schemas, rules, admission, access control and watches are real; nothing
 * collects garbage, counts quota or runs pods. Not meant to keep anything: etcd does not wait for its disk.
 */
export async function startKubernetes(folder: string): Promise<RunningKubernetes> {
  const [etcdPort = 0, peerPort = 0, port = 0] = await freePorts(3);
  await mkdir(folder, { recursive: true });
  const etcd = await startEtcd(folder, etcdPort, peerPort);
  const access = {
    url: `https://127.0.0.1:${port}`,
    certificate: path.join(folder, 'apiserver.crt'),
    token: randomBytes(24).toString('hex'),
  };
  try {
    const server = await startApiServer(folder, port, etcdPort, access);
    const kubeconfig = path.join(folder, 'kubeconfig.json');
    await writeFile(kubeconfig, JSON.stringify(kubeconfigOf(access), undefined, 1), { mode: 0o600 });
    const kubectl = kubectlCommand();
    return {
      kubeconfig,
      kubectl,
      addresses: { kubeconfig, url: access.url, certificate: access.certificate, token: access.token, kubectl },
      pids: [etcd.pid, server.pid],
      logFiles: [etcd.logFile, server.logFile],
      // A clean stop takes the API server twelve seconds; nothing here is needed again.
      stop: async () => {
        await server.kill();
        await etcd.kill();
      },
    };
  } catch (error) {
    await etcd.kill();
    throw error;
  }
}

/** The installed kubectl. */
export function kubectlCommand(): string {
  return program('kubectl');
}

const program = (name: string): string => path.join(installedFolder(kubernetesProgram), name);

async function startEtcd(folder: string, port: number, peerPort: number): Promise<ServerProcess> {
  const [url, peerUrl] = [port, peerPort].map((one) => `http://127.0.0.1:${one}`);
  return startServerProcess({
    name: 'etcd',
    command: program('etcd'),
    args: [
      ['--name=etcd', `--data-dir=${path.join(folder, 'etcd')}`, '--unsafe-no-fsync', '--log-level=warn'],
      [`--listen-client-urls=${url}`, `--advertise-client-urls=${url}`],
      [`--listen-peer-urls=${peerUrl}`, `--initial-advertise-peer-urls=${peerUrl}`, `--initial-cluster=etcd=${peerUrl}`],
    ].flat(),
    env: { HOME: folder, ...rarelyCollecting },
    folder,
    port,
    isReady: async () => (await fetch(`${url}/health`)).ok,
  });
}

async function startApiServer(folder: string, port: number, etcdPort: number, access: Access): Promise<ServerProcess> {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const secret = { mode: 0o600 };
  const file = (name: string): string => path.join(folder, name);
  await writeFile(file('accounts.key'), privateKey.export({ type: 'pkcs8', format: 'pem' }), secret);
  await writeFile(file('accounts.pub'), publicKey.export({ type: 'spki', format: 'pem' }));
  await writeFile(file('tokens.csv'), `${access.token},admin,admin,"system:masters"\n`, secret);
  return startServerProcess({
    name: 'kube-apiserver',
    command: program('kube-apiserver'),
    args: [
      [`--etcd-servers=http://127.0.0.1:${etcdPort}`, '--storage-media-type=application/vnd.kubernetes.protobuf'],
      // It makes its own certificate in `cert-dir`, which is its authority as well.
      ['--bind-address=127.0.0.1', '--advertise-address=127.0.0.1', `--secure-port=${port}`, `--cert-dir=${folder}`],
      [`--token-auth-file=${file('tokens.csv')}`, '--authorization-mode=Node,RBAC', '--allow-privileged=true'],
      ['--service-account-issuer=https://kubernetes.default.svc', `--service-account-key-file=${file('accounts.pub')}`],
      [`--service-account-signing-key-file=${file('accounts.key')}`, '--service-cluster-ip-range=198.19.0.0/16'],
      // No controller makes service accounts, and no node is there whose address could be published.
      ['--disable-admission-plugins=ServiceAccount', '--endpoint-reconciler-type=none', '--enable-priority-and-fairness=false'],
    ].flat(),
    env: { HOME: folder, ...rarelyCollecting },
    folder,
    port,
    startTimeoutMs: 60_000,
    isReady: () => isReady(access),
  });
}

/** True when the server takes the token that was made for it: no other server would. */
async function isReady({ url, certificate, token }: Access): Promise<boolean> {
  const ca = await readFile(certificate);
  return new Promise((resolve, reject) => {
    const question = request(`${url}/readyz`, { ca, agent: false, headers: { authorization: `Bearer ${token}` } }, (answer) => {
      answer.resume();
      resolve(answer.statusCode === 200);
    });
    question.once('error', reject).end();
  });
}

function kubeconfigOf({ url, certificate, token }: Access): object {
  const name = 'driftbox';
  return {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': name,
    clusters: [{ name, cluster: { server: url, 'certificate-authority': certificate } }],
    contexts: [{ name, context: { cluster: name, user: 'admin' } }],
    users: [{ name: 'admin', user: { token } }],
  };
}
