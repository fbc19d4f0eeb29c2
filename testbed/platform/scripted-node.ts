import { execFile } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import {
  ApiRefused,
  Cache,
  Reflector,
  resourceKindOf,
  type Api,
  type KubeObject,
  type ResourceKind,
  type Selection,
} from '@driftbox/operator';
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

/** Looked at again after so long where nobody told of a change: a namespace may go only at the second try. */
const lookAgainMs = 500;

/**
 * What stands for the controllers and nodes that an API server alone has not got, in the namespaces that the operator makes for cells
 * and pools of this test: pods are ready as soon as they are asked for, Jobs are done unless somebody else runs them, and a namespace that
 * is deleted goes.
 */
export function startScriptedNode(cluster: ClusterOfTest, { endsJobs = true } = {}): AsyncDisposable {
  const { api, namespace: own, only: labelSelector } = cluster;
  const ending = new AbortController();
  let changed = Promise.withResolvers<void>();
  const reflectors: Reflector<Workload>[] = [];
  const follow = (kind: ResourceKind, selection: Selection = {}): Cache<Workload> => {
    const cache = new Cache<Workload>();
    const reflector = new Reflector<Workload>({ api, kind, selection, cache, onChange: () => changed.resolve() });
    reflectors.push(reflector);
    reflector.start();
    return cache;
  };
  const namespaces = follow(namespaceKind, { labelSelector: 'app.kubernetes.io/part-of=driftbox' });
  const cells = follow(resourceKindOf(cellKind), { labelSelector });
  const workloads = [deploymentKind, statefulSetKind].map((kind) => ({ kind, objects: follow(kind) }));
  const jobs = follow(jobKind);
  const pass = async (): Promise<void> => {
    const ofCells = cells.list().map(({ metadata: { name } }) => cellNamespace(name));
    const isOurs = (name = ''): boolean => ofCells.includes(name) || name.includes(own);
    const ours = namespaces.list().filter(({ metadata: { name } }) => isOurs(name));
    const there = new Set(ours.filter(({ metadata }) => metadata.deletionTimestamp === undefined).map(({ metadata: { name } }) => name));
    for (const { metadata } of ours) if (!there.has(metadata.name)) await finalize(metadata.name);
    const isIn = ({ metadata: { namespace = '' } }: Workload): boolean => there.has(namespace);
    for (const { kind, objects } of workloads) for (const one of objects.list().filter(isIn)) await makeReady(api, kind, one);
    if (endsJobs) for (const one of jobs.list().filter(isIn)) await endJob(api, one);
  };
  const working = (async () => {
    while (!ending.signal.aborted) {
      changed = Promise.withResolvers();
      await pass().catch(unlessGone);
      await Promise.race([changed.promise, delay(lookAgainMs)]);
    }
  })();
  return {
    async [Symbol.asyncDispose]() {
      ending.abort();
      changed.resolve();
      await working;
      await Promise.all(reflectors.map((reflector) => reflector.stop()));
    },
  };
}

/** What was still known may be gone: the next pass knows. */
function unlessGone(error: unknown): void {
  if (!(error instanceof ApiRefused) || error.refusal.kind !== 'notFound') throw error;
}

async function makeReady(api: Api, kind: ResourceKind, { metadata, spec, status }: Workload): Promise<void> {
  const { namespace = '', name, generation = 0, deletionTimestamp } = metadata;
  if (deletionTimestamp !== undefined) return orphan(api, kind, { namespace, name });
  const replicas = spec?.replicas ?? 1;
  if (status?.observedGeneration === generation && status.readyReplicas === replicas) return;
  const all = { replicas, updatedReplicas: replicas, readyReplicas: replicas, availableReplicas: replicas };
  await say(api, kind, { namespace, name }, { observedGeneration: generation, ...all });
}

async function endJob(api: Api, { metadata: { namespace = '', name }, status }: Workload): Promise<void> {
  if ((status?.conditions ?? []).length > 0) return;
  await say(api, jobKind, { namespace, name }, jobStatus(0, new Date().toISOString().replace(/\.\d+Z$/, 'Z')));
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
