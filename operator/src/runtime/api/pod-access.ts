import { existsSync, readFileSync } from 'node:fs';
import { isIPv6 } from 'node:net';
import path from 'node:path';
import { keptAccess, type ClusterAccess } from './cluster-access.ts';

/** What Kubernetes gives a pod: where the API server is, and a folder with the files that prove who asks. */
export type PodAccount = { readonly server: URL; readonly folder: string };

const usualFolder = '/var/run/secrets/kubernetes.io/serviceaccount';
/** A token is replaced long before it ends. */
const tokenMs = 60_000;

/** The account of the pod that this process runs in; undefined elsewhere, and where `KUBECONFIG` says otherwise. */
export function findPodAccount(env: Readonly<Record<string, string | undefined>>, folder = usualFolder): PodAccount | undefined {
  const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port, KUBECONFIG: kubeconfig } = env;
  if (host === undefined || port === undefined || kubeconfig !== undefined) return undefined;
  if (!existsSync(path.join(folder, 'token'))) return undefined;
  return { server: new URL(`https://${isIPv6(host) ? `[${host}]` : host}:${port}`), folder };
}

/** Access by a pod's account, whose token is read again each minute. Throws where a file is missing. */
export function accessFromPod({ server, folder }: PodAccount, nowMs = (): number => performance.now()): ClusterAccess {
  const read = (name: string): string => readFileSync(path.join(folder, name), 'utf8').trim();
  const ca = read('ca.crt');
  let token = { text: read('token'), atMs: nowMs() };
  return keptAccess(server, async () => {
    if (nowMs() - token.atMs >= tokenMs) token = { text: read('token'), atMs: nowMs() };
    return { ca, headers: { authorization: `Bearer ${token.text}` } };
  });
}
