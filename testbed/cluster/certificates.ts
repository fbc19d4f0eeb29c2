import { execFile } from 'node:child_process';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { network } from './cluster-folder.ts';

const run = promisify(execFile);
const days = '3650';
const api = `https://${network.node}:6443`;

type Certificate = {
  readonly name: string;
  readonly subject: string;
  readonly usage: 'serverAuth' | 'clientAuth';
  readonly names?: readonly string[];
};

const names = ['localhost', 'kubernetes', 'kubernetes.default', 'kubernetes.default.svc', 'kubernetes.default.svc.cluster.local'];
const certificates: readonly Certificate[] = [
  {
    name: 'apiserver',
    subject: '/CN=kube-apiserver',
    usage: 'serverAuth',
    names: [...names.map((name) => `DNS:${name}`), 'IP:127.0.0.1', `IP:${network.node}`, `IP:${network.kubernetes}`],
  },
  {
    name: 'kubelet-server',
    subject: '/O=system:nodes/CN=system:node:node1',
    usage: 'serverAuth',
    names: ['DNS:node1', `IP:${network.node}`],
  },
  { name: 'apiserver-kubelet', subject: '/O=kubeadm:cluster-admins/CN=kube-apiserver-kubelet-client', usage: 'clientAuth' },
];
const clients: readonly Certificate[] = [
  { name: 'admin', subject: '/O=system:masters/CN=admin', usage: 'clientAuth' },
  { name: 'controller-manager', subject: '/CN=system:kube-controller-manager', usage: 'clientAuth' },
  { name: 'scheduler', subject: '/CN=system:kube-scheduler', usage: 'clientAuth' },
  { name: 'proxy', subject: '/CN=system:kube-proxy', usage: 'clientAuth' },
  { name: 'kubelet', subject: '/O=system:nodes/CN=system:node:node1', usage: 'clientAuth' },
];

/** Makes a certificate authority, a certificate for each part of the control plane and a kubeconfig for each client, in `folder`. */
export async function makeCertificates(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await authority(folder, 'driftbox-test-cluster');
  for (const one of [...certificates, ...clients]) await certificate(folder, one);
  for (const { name } of clients) await writeFile(path.join(folder, `${name}.kubeconfig`), kubeconfig(folder, name), { mode: 0o600 });
  // Aggregated APIs trust an authority of their own.
  const front = path.join(folder, 'front-proxy');
  await mkdir(front);
  await authority(front, 'driftbox-test-front-proxy');
  await certificate(front, { name: 'client', subject: '/CN=front-proxy-client', usage: 'clientAuth' });
  await key(folder, 'service-accounts');
  await run('openssl', ['pkey', '-in', 'service-accounts.key', '-pubout', '-out', 'service-accounts.pub'], { cwd: folder });
}

async function key(folder: string, name: string): Promise<void> {
  await run('openssl', ['genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256', '-out', `${name}.key`], { cwd: folder });
}

async function authority(folder: string, name: string): Promise<void> {
  await key(folder, 'ca');
  const args = ['req', '-x509', '-new', '-key', 'ca.key', '-subj', `/CN=${name}`, '-days', days, '-out', 'ca.crt'];
  await run('openssl', args, { cwd: folder });
}

async function certificate(folder: string, { name, subject, usage, names: also = [] }: Certificate): Promise<void> {
  await key(folder, name);
  const lines = ['basicConstraints=CA:FALSE', 'keyUsage=digitalSignature', `extendedKeyUsage=${usage}`];
  if (also.length > 0) lines.push(`subjectAltName=${also.join(',')}`);
  await writeFile(path.join(folder, `${name}.ext`), `${lines.join('\n')}\n`);
  await run('openssl', ['req', '-new', '-key', `${name}.key`, '-subj', subject, '-out', `${name}.csr`], { cwd: folder });
  const signed = ['x509', '-req', '-in', `${name}.csr`, '-CA', 'ca.crt', '-CAkey', 'ca.key', '-CAcreateserial', '-days', days];
  await run('openssl', [...signed, '-extfile', `${name}.ext`, '-out', `${name}.crt`], { cwd: folder });
  for (const rest of ['ext', 'csr']) await rm(path.join(folder, `${name}.${rest}`));
}

/** JSON is YAML. */
function kubeconfig(folder: string, name: string): string {
  const file = (end: string): string => path.join(folder, end);
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'driftbox-test',
    clusters: [{ name: 'driftbox-test', cluster: { server: api, 'certificate-authority': file('ca.crt') } }],
    contexts: [{ name: 'driftbox-test', context: { cluster: 'driftbox-test', user: name } }],
    users: [{ name, user: { 'client-certificate': file(`${name}.crt`), 'client-key': file(`${name}.key`) } }],
  });
}
