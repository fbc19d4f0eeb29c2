import path from 'node:path';
import type { TestComponents } from '@driftbox/testkit';
import { runCommand } from './install/run-command.ts';

type Cluster = { readonly server: string; readonly 'certificate-authority-data'?: string };
type User = { readonly token?: string; readonly 'client-certificate-data'?: string; readonly 'client-key-data'?: string };
type Kubeconfig = { readonly clusters: readonly { readonly cluster: Cluster }[]; readonly users: readonly { readonly user: User }[] };

/** How the current context of a kubeconfig reaches its cluster. Throws for one that signs in by a program or a password. */
export async function readKubeconfig(kubectl: string, kubeconfig: string): Promise<TestComponents['k8s']> {
  const args = ['config', 'view', '--raw', '--minify', '--flatten', '--output=json', `--kubeconfig=${kubeconfig}`];
  const { clusters, users } = JSON.parse(await runCommand(kubectl, args, { folder: path.dirname(kubeconfig) })) as Kubeconfig;
  const [cluster, user] = [clusters[0]?.cluster, users[0]?.user];
  const authority = decode(cluster?.['certificate-authority-data']);
  const [certificate, key] = [decode(user?.['client-certificate-data']), decode(user?.['client-key-data'])];
  const { token } = user ?? {};
  if (cluster === undefined || authority === undefined || (token === undefined && certificate === undefined))
    throw new Error(`${kubeconfig}: tests need a cluster with its own authority, and a user with a token or a certificate`);
  return {
    kubeconfig,
    kubectl,
    url: cluster.server,
    authority,
    ...(token === undefined ? {} : { token }),
    ...(certificate === undefined || key === undefined ? {} : { certificate, key }),
  };
}

function decode(base64: string | undefined): string | undefined {
  return base64 === undefined ? undefined : Buffer.from(base64, 'base64').toString();
}
