import { execFile } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { expectOk, resourceKindOf, type Api, type KubeObject, type ResourceKind } from '@driftbox/operator';
import { cellKind, cellNamespace } from '@driftbox/resources';
import { testComponent } from '@driftbox/testkit';
import type { ClusterOfTest } from './cluster-of-test.ts';
import { jobKind, jobStatus, say } from './job-runner.ts';

type Workload = KubeObject & {
  readonly spec?: { readonly replicas?: number };
  readonly status?: { readonly observedGeneration?: number; readonly readyReplicas?: number; readonly conditions?: readonly object[] };
};

const apps = { group: 'apps', version: 'v1', namespaced: true } as const;
/** Deployments, as the API has them. */
export const deploymentKind: ResourceKind = { ...apps, kind: 'Deployment', plural: 'deployments' };
/** StatefulSets, likewise. */
export const statefulSetKind: ResourceKind = { ...apps, kind: 'StatefulSet', plural: 'statefulsets' };
const namespaceKind: ResourceKind = { group: '', version: 'v1', kind: 'Namespace', plural: 'namespaces', namespaced: false };

/**
 * What stands for the controllers and nodes that an API server alone has not got, in the namespaces that the operator makes for cells
 * and pools of this test: pods are ready as soon as they are asked for, Jobs are done unless somebody else runs them, and a namespace that
 * is deleted goes.
 */
export function startScriptedNode(cluster: ClusterOfTest, { endsJobs = true } = {}): AsyncDisposable {
  const ending = new AbortController();
  const pass = async (): Promise<void> => {
    const { items } = expectOk(
      await cluster.api.list<KubeObject>(namespaceKind, { labelSelector: 'app.kubernetes.io/part-of=driftbox' }),
      'listing namespaces',
    );
    const cells = expectOk(await cluster.api.list<KubeObject>(resourceKindOf(cellKind), { labelSelector: cluster.only }), 'listing cells');
    const ours = cells.items.map(({ metadata: { name } }) => cellNamespace(name));
    for (const { metadata } of items.filter(({ metadata: { name } }) => ours.includes(name) || name.includes(cluster.namespace))) {
      if (metadata.deletionTimestamp !== undefined) await finalize(metadata.name);
      else {
        await makeReady(cluster.api, metadata.name);
        if (endsJobs) await endJobs(cluster.api, metadata.name);
      }
    }
  };
  const working = (async () => {
    for (; !ending.signal.aborted; await delay(100)) await pass();
  })();
  return {
    async [Symbol.asyncDispose]() {
      ending.abort();
      await working;
    },
  };
}

async function makeReady(api: Api, namespace: string): Promise<void> {
  for (const kind of [deploymentKind, statefulSetKind]) {
    const { items } = expectOk(await api.list<Workload>(kind, { namespace }), `listing the ${kind.plural} of ${namespace}`);
    for (const { metadata, spec, status } of items) {
      const { name, generation = 0, deletionTimestamp } = metadata;
      if (deletionTimestamp !== undefined) {
        await orphan(api, kind, { namespace, name });
        continue;
      }
      if (status?.observedGeneration === generation && status.readyReplicas === (spec?.replicas ?? 1)) continue;
      const replicas = spec?.replicas ?? 1;
      const all = { replicas, updatedReplicas: replicas, readyReplicas: replicas, availableReplicas: replicas };
      await say(api, kind, { namespace, name }, { observedGeneration: generation, ...all });
    }
  }
}

async function endJobs(api: Api, namespace: string): Promise<void> {
  const { items: jobs } = expectOk(await api.list<Workload>(jobKind, { namespace }), `listing the Jobs of ${namespace}`);
  const at = new Date().toISOString().replace(/\.\d+Z$/, 'Z');
  for (const { metadata, status } of jobs)
    if ((status?.conditions ?? []).length === 0) await say(api, jobKind, { namespace, name: metadata.name }, jobStatus(0, at));
}

/** Lets a workload go without its pods, as whoever collects garbage does. */
async function orphan(api: Api, kind: ResourceKind, at: { readonly namespace: string; readonly name: string }): Promise<void> {
  const found = await api.get<KubeObject>(kind, at);
  if (found.kind !== 'ok') return;
  const metadata = { ...found.value.metadata, finalizers: [] } as KubeObject['metadata'];
  await api.replace<KubeObject>(kind, { ...found.value, metadata });
}

/** Lets a namespace go as its controller does once it is empty; what was in it is nobody's then. */
function finalize(name: string): Promise<void> {
  const { kubectl, kubeconfig } = testComponent('k8s');
  const args = [`--kubeconfig=${kubeconfig}`, 'replace', '--raw', `/api/v1/namespaces/${name}/finalize`, '-f', '-'];
  const { promise, resolve } = Promise.withResolvers<void>();
  // One that has gone meanwhile is what was wanted; one that has not is tried again.
  const program = execFile(kubectl, args, () => resolve());
  program.stdin?.end(JSON.stringify({ apiVersion: 'v1', kind: 'Namespace', metadata: { name }, spec: {} }));
  return promise;
}
