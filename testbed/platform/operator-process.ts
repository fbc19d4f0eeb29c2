import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import path from 'node:path';
import type { OperatorOptions } from '@driftbox/operator';
import { startFaultProxy, testComponent, type FaultProxy } from '@driftbox/testkit';
import { parse } from 'yaml';
import { projectFolder } from '../src/standalone-process.ts';
import type { ClusterOfTest } from './cluster-of-test.ts';

/** What differs between operators of one test. */
export type OperatorSettings = {
  /** Begins its name in the lease. */
  readonly name: string;
  readonly kubeconfig: string;
  readonly catalogue: string;
  readonly making: NonNullable<OperatorOptions['making']>;
};

/** An operator in a process of its own, which gives the lead back and ends when it is disposed of. */
export type OperatorProcess = AsyncDisposable & {
  /** Resolves when it has ended, with its code; null after a signal. */
  readonly ended: Promise<number | null>;
};

/** Starts the program of the operator, as a pod does, for the resources of this test alone. */
export function startOperatorProcess(cluster: ClusterOfTest, settings: OperatorSettings): OperatorProcess {
  const { name, kubeconfig, catalogue, making } = settings;
  const { helm, images } = making;
  const child = spawn(process.execPath, ['--no-warnings', path.join(projectFolder, 'operator/src/main.ts')], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      PATH: process.env['PATH'],
      DRIFTBOX_KUBECONFIG: kubeconfig,
      DRIFTBOX_OPERATOR_NAMESPACE: cluster.namespace,
      DRIFTBOX_OPERATOR_SELECTOR: cluster.only,
      DRIFTBOX_OPERATOR_NAME: name,
      DRIFTBOX_OPERATOR_CATALOGUE: catalogue,
      DRIFTBOX_OPERATOR_PORT: '0',
      DRIFTBOX_OPERATOR_REQUESTS_PER_SECOND: '500',
      DRIFTBOX_OPERATOR_REQUEST_BURST: '500',
      DRIFTBOX_HELM: helm.command,
      DRIFTBOX_IMAGE_REGISTRY: images.registry,
      DRIFTBOX_IMAGE_PULL_SECRETS: images.pullSecrets.join(','),
    },
  });
  const ended = once(child, 'exit').then(([code]) => code as number | null);
  return {
    ended,
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

/** A proxy to the API server of this test run. */
export function startLine(): Promise<FaultProxy> {
  const { hostname, port } = new URL(testComponent('k8s').url);
  return startFaultProxy({ host: hostname, port: Number(port || 443) });
}

/** Writes the kubeconfig of this test run anew, with a way that leads through a proxy; answers the file. */
export async function kubeconfigThrough({ host, port }: FaultProxy, folder: string): Promise<string> {
  const config = parse(await readFile(testComponent('k8s').kubeconfig, 'utf8')) as { clusters: { cluster: { server: string } }[] };
  const clusters = config.clusters.map((one) => {
    const { hostname } = new URL(one.cluster.server);
    const byName = isIP(hostname) === 0 ? { 'tls-server-name': hostname } : {};
    return { ...one, cluster: { ...one.cluster, ...byName, server: `https://${host}:${port}` } };
  });
  const file = path.join(folder, `kubeconfig-${port}`);
  await writeFile(file, JSON.stringify({ ...config, clusters }), { mode: 0o600 });
  return file;
}
