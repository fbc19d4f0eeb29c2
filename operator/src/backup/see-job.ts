import { endOfJob, type Job } from '../job.ts';
import { kubeKinds } from '../kube-kinds.ts';
import { expectOk, type Api, type KubeObject } from '../runtime/index.ts';
import { backupJobName, forLabel, ownerOf, taskLabel } from './backup-job.ts';

type Task = 'create' | 'remove' | 'restore';

/** What works with the backups of a tenant now. */
export type JobSeen =
  | { readonly kind: 'none' }
  /** Somebody else has the lock. */
  | { readonly kind: 'others'; readonly who: string }
  | { readonly kind: 'running' | 'ending'; readonly task: Task }
  /** Without `done` its pod was removed before anybody read what it said. */
  | { readonly kind: 'succeeded'; readonly task: Task; readonly done?: Readonly<Record<string, string | number>> }
  | { readonly kind: 'failed'; readonly task: Task; readonly why: string };

type Pod = KubeObject & {
  readonly status?: {
    readonly containerStatuses?: readonly { readonly state?: { readonly terminated?: { readonly message?: string } } }[];
  };
};

/** Looks at the Job of a tenant's backups as the object of this uid sees it. Throws `ApiRefused`. */
export async function seeJob(api: Api, namespace: string, tenantId: string, uid: string, signal: AbortSignal): Promise<JobSeen> {
  const name = backupJobName(tenantId);
  const answer = await api.get<Job>(kubeKinds.job, { namespace, name }, { signal });
  if (answer.kind === 'notFound') return { kind: 'none' };
  const job = expectOk(answer, `looking at the Job ${name}`);
  if (job.metadata.labels?.[forLabel] !== uid) return { kind: 'others', who: ownerOf(job) };
  const task = (job.metadata.labels[taskLabel] ?? 'create') as Task;
  if (job.metadata.deletionTimestamp !== undefined) return { kind: 'ending', task };
  const ended = endOfJob(job);
  if (ended === undefined) return { kind: 'running', task };
  const said = await lastWords(api, namespace, uid, signal);
  if (ended.type === 'Failed') return { kind: 'failed', task, why: said.failed ?? ended.message ?? 'the Job failed' };
  return { kind: 'succeeded', task, ...(said.done === undefined ? {} : { done: said.done }) };
}

type Said = { readonly done?: Readonly<Record<string, string | number>>; readonly failed?: string };

/** What the youngest pod said at its end that said anything. */
async function lastWords(api: Api, namespace: string, uid: string, signal: AbortSignal): Promise<Said> {
  const answer = await api.list<Pod>(kubeKinds.pod, { namespace, labelSelector: `${forLabel}=${uid}` }, { limit: 100, signal });
  const { items } = expectOk(answer, 'reading what the Job said');
  const words = items
    .toSorted((a, b) => ((a.metadata.creationTimestamp ?? '') < (b.metadata.creationTimestamp ?? '') ? 1 : -1))
    .flatMap(({ status }) => status?.containerStatuses?.map(({ state }) => state?.terminated?.message) ?? [])
    .find((message) => message !== undefined && message !== '');
  return words === undefined ? {} : parseWords(words);
}

function parseWords(text: string): Said {
  try {
    return JSON.parse(text) as Said;
  } catch {
    // It was ended from outside, and these are the last lines of its log.
    return { failed: text.slice(-1_000) };
  }
}
