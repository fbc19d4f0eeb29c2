import { endOfJob, type Job } from '../job.ts';
import { kubeKinds } from '../kube-kinds.ts';
import { expectOk, listAll, type Api, type KubeObject } from '../runtime/index.ts';
import { secretsAnnotation } from '../workload.ts';
import { migrationLabels } from './migration-job.ts';
import { cellNames } from './names.ts';

/** A pod that has not ended. */
export type Holder = {
  readonly name: string;
  /** The Helm release that it is of; empty for one of a Job. */
  readonly release: string;
  /** Which part of DriftBox it is. */
  readonly part: string;
  /** What it was started with, as the chart says it. */
  readonly secrets: string | undefined;
};

/** Everybody who has secrets of a cell. */
export type Holders = {
  /** In the cell's namespace. */
  readonly pods: readonly Holder[];
  /** Migrations that have not ended, whatever they are of: a process of one may give roles the passwords that it began with. */
  readonly migrations: readonly Named[];
  /** Pods of Jobs beside the operator that were there before the moment that was asked about. */
  readonly before: readonly Named[];
};

type Named = { readonly name: string };

type Pod = KubeObject & {
  readonly spec?: {
    readonly containers?: readonly {
      readonly env?: readonly { readonly valueFrom?: { readonly secretKeyRef?: { readonly name: string } } }[];
    }[];
  };
  readonly status?: { readonly phase?: string };
};

/** So much may the clocks of the API server and of an operator differ; what began soon after is waited for too, then. */
const skewMs = 5 * 60_000;

/** Looks at who has secrets of a cell; `since` is when those of today were written. Throws `ApiRefused`. */
export async function seeHolders(api: Api, operatorNamespace: string, cell: string, since: string, signal: AbortSignal): Promise<Holders> {
  const { namespace, master } = cellNames(cell);
  const jobs = await migrationsIn(api, namespace, signal);
  const [own, beside] = await Promise.all([podsIn(api, namespace, signal), podsIn(api, operatorNamespace, signal)]);
  const isOlder = ({ metadata }: Pod): boolean => Date.parse(metadata.creationTimestamp ?? '') <= Date.parse(since) + skewMs;
  const isOfJob = ({ metadata }: Pod): boolean => metadata.labels?.['app.kubernetes.io/instance'] === undefined;
  const before = beside.filter((pod) => reads(pod, master) && isOlder(pod));
  return { pods: own.map(holderOf), migrations: [...jobs, ...own.filter(isOfJob)].map(nameOf), before: before.map(nameOf) };
}

function nameOf({ metadata: { name } }: KubeObject): Named {
  return { name };
}

/** Jobs that may start a pod still. */
async function migrationsIn(api: Api, namespace: string, signal: AbortSignal): Promise<Job[]> {
  const labelSelector = Object.entries(migrationLabels)
    .map(([key, value]) => `${key}=${value}`)
    .join(',');
  const answer = await api.list<Job>(kubeKinds.job, { namespace, labelSelector }, { signal });
  const { items } = expectOk(answer, `looking at the Jobs of ${namespace}`);
  return items.filter((job) => endOfJob(job) === undefined);
}

/** Pods of DriftBox that run, are about to, or are on their way out. */
async function podsIn(api: Api, namespace: string, signal: AbortSignal): Promise<Pod[]> {
  const selection = { namespace, labelSelector: 'app.kubernetes.io/part-of=driftbox' };
  const answer = await listAll<Pod>({ api, kind: kubeKinds.pod, selection, pageSize: 200, ingest: (pod) => pod, signal });
  const { items } = expectOk(answer, `looking at the pods of ${namespace}`);
  return items.filter(({ status }) => !['Succeeded', 'Failed'].includes(status?.phase ?? ''));
}

function holderOf({ metadata: { name, labels, annotations } }: Pod): Holder {
  const release = labels?.['app.kubernetes.io/instance'] ?? '';
  return { name, release, part: labels?.['app.kubernetes.io/component'] ?? '', secrets: annotations?.[secretsAnnotation] };
}

function reads({ spec }: Pod, secret: string): boolean {
  return spec?.containers?.some(({ env }) => env?.some(({ valueFrom }) => valueFrom?.secretKeyRef?.name === secret)) === true;
}
