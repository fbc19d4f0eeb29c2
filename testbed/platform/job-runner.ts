import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expectOk, secretKind, type Api, type KubeObject, type ResourceKind, type Secret } from '@driftbox/operator';
import { temporaryFolder } from '@driftbox/testkit';
import { projectFolder } from '../src/standalone-process.ts';

/** One setting of a container. */
export type Variable = {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: { readonly secretKeyRef: { readonly name: string; readonly key: string } };
};
type Container = { readonly args: readonly string[]; readonly env: readonly Variable[] };
type Job = KubeObject & {
  readonly spec: { readonly template: { readonly metadata: object; readonly spec: { readonly containers: readonly Container[] } } };
  readonly status?: { readonly conditions?: readonly object[] };
};

export const jobKind: ResourceKind = { group: 'batch', version: 'v1', kind: 'Job', plural: 'jobs', namespaced: true };
const podKind: ResourceKind = { group: '', version: 'v1', kind: 'Pod', plural: 'pods', namespaced: true };

/** What stands for the controllers and the node that an API server alone has not got: runs the programs of Jobs, with their settings. */
export type JobRunner = AsyncDisposable & {
  /** How each run ended, in order: `create 0`. */
  readonly runs: readonly string[];
  /** While it is set no Job is begun. */
  hold(isHeld: boolean): void;
};

type Settings = Readonly<Record<string, string>>;

/**
 * Runs the Jobs of a namespace until it is disposed of; `over` takes the place of settings that name the cluster's network, or makes it of
 * those given.
 */
export function runJobs(api: Api, namespace: string, over: Settings | ((given: Settings) => Settings)): JobRunner {
  const settings = typeof over === 'function' ? over : () => over;
  const runs: string[] = [];
  const ending = new AbortController();
  let isHeld = false;
  const pass = async (): Promise<void> => {
    const { items } = expectOk(await api.list<Job>(jobKind, { namespace }), 'listing Jobs');
    for (const job of items) {
      if (job.metadata.deletionTimestamp !== undefined) await bury(api, job);
      else if (!isHeld && (job.status?.conditions ?? []).length === 0) await runJob(api, job, settings, (run) => runs.push(run));
    }
  };
  const working = (async () => {
    for (; !ending.signal.aborted; await delay(100)) await pass();
  })();
  return {
    runs,
    hold: (held) => void (isHeld = held),
    async [Symbol.asyncDispose]() {
      ending.abort();
      await working;
    },
  };
}

/** `tell` hears how it ended before the cluster does: who waits for what comes of it finds it told. */
async function runJob(api: Api, job: Job, over: (given: Settings) => Settings, tell: (run: string) => void): Promise<void> {
  const { namespace = '', name, uid } = job.metadata;
  const { metadata, spec } = job.spec.template;
  const [container] = spec.containers;
  if (container === undefined) throw new Error('a Job without a container');
  await using folder = await temporaryFolder();
  const result = path.join(folder.path, 'result');
  const given = await settingsOf(api, namespace, container.env);
  const env = { ...given, ...over(given), DRIFTBOX_BACKUP_RESULT: result };
  const code = await exitCodeOf(container.args, env);
  tell(`${container.args[1]} ${code}`);
  const message = await readFile(result, 'utf8').catch(() => '');
  const at = new Date().toISOString().replace(/\.\d+Z$/, 'Z');
  const podName = `${name}-${runNumber++}`;
  const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { ...metadata, name: podName, namespace }, spec } as KubeObject;
  expectOk(await api.create(podKind, pod), 'making a Pod');
  const terminated = { exitCode: code, message, startedAt: at, finishedAt: at };
  const containerStatuses = [{ name: 'backup', image: 'i', imageID: 'i', ready: false, restartCount: 0, state: { terminated } }];
  const phase = code === 0 ? 'Succeeded' : 'Failed';
  await say(api, podKind, { namespace, name: podName }, { phase, containerStatuses });
  await say(api, jobKind, { namespace, name, ...(uid === undefined ? {} : { uid }) }, jobStatus(code, at));
}

let runNumber = 0;

/** As the Job controller writes it: what ended is said to be so by two conditions. */
export function jobStatus(code: number, at: string): object {
  const said = (type: string) => ({
    type,
    status: 'True',
    reason: 'Test',
    message: 'the program ended',
    lastProbeTime: at,
    lastTransitionTime: at,
  });
  const counts = { startTime: at, ready: 0, uncountedTerminatedPods: {} };
  if (code !== 0) return { ...counts, failed: 1, conditions: [said('FailureTarget'), said('Failed')] };
  return { ...counts, completionTime: at, succeeded: 1, conditions: [said('SuccessCriteriaMet'), said('Complete')] };
}

/** Writes the status of an object as whoever stands for its node. */
export async function say(
  api: Api,
  kind: ResourceKind,
  metadata: { readonly namespace: string; readonly name: string },
  status: object,
): Promise<void> {
  const object = { apiVersion: kind.group === '' ? 'v1' : `${kind.group}/v1`, kind: kind.kind, metadata, status };
  expectOk(
    await api.applyStatus(kind, object as KubeObject, { manager: 'driftbox-test-node' }),
    `saying how ${kind.kind} ${metadata.name} is`,
  );
}

/** The settings of a container, those from Secrets of its namespace with their values; empty where one is not there. */
export async function settingsOf(api: Api, namespace: string, variables: readonly Variable[]): Promise<Record<string, string>> {
  const settings: Record<string, string> = {};
  for (const { name, value = '', valueFrom } of variables) {
    if (valueFrom === undefined) {
      settings[name] = value;
      continue;
    }
    const { name: secret, key } = valueFrom.secretKeyRef;
    const { data } = expectOk(await api.get<Secret>(secretKind, { namespace, name: secret }), `reading the Secret ${secret}`);
    settings[name] = Buffer.from(data?.[key] ?? '', 'base64').toString('utf8');
  }
  return settings;
}

function exitCodeOf(args: readonly string[], env: Readonly<Record<string, string>>): Promise<number> {
  return new Promise((resolve) => {
    const program = execFile(process.execPath, ['--no-warnings', ...args], {
      cwd: projectFolder,
      env: { ...env, PATH: process.env['PATH'] },
    });
    program.once('close', (code) => resolve(code ?? 137));
  });
}

/** What the garbage collector does for a Job that is deleted in the foreground: its pods go, then the Job. */
async function bury(api: Api, job: Job): Promise<void> {
  const { namespace = '', name } = job.metadata;
  const { items } = expectOk(await api.list(podKind, { namespace }), 'listing Pods');
  for (const { metadata } of items) if (metadata.name.startsWith(name)) await api.delete(podKind, { namespace, name: metadata.name });
  const { finalizers: _, ...metadata } = job.metadata;
  const gone = await api.replace(jobKind, { ...job, metadata });
  if (gone.kind !== 'notFound' && gone.kind !== 'conflict') expectOk(gone, `letting the Job ${name} go`);
}
