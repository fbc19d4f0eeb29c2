import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { digestLabel, type Release, type ReleasePlace } from './release.ts';
import { traceProgram } from '../trace-pass.ts';
import { runGuarded } from './run-guarded.ts';

/** What Helm is run with. */
export type HelmOptions = {
  /** The program, version 4. */
  readonly command: string;
  /** Says where the API server is; without it Helm finds the way as kubectl does, in a pod by its account. */
  readonly kubeconfig?: string | undefined;
  readonly guard: () => number;
};

/** Helm did not do what it was told; its own words are in the message. */
class HelmFailed extends Error {
  constructor(doing: string, text: string) {
    super(`${doing}: ${text.trim().replaceAll(/\s+/g, ' ').slice(-1_000)}`);
    this.name = 'HelmFailed';
  }
}

/** What Helm can do for a release. Nothing waits for pods: whether they become ready is for whoever asked to see. */
export type Helm = {
  /** The objects that the release would be made of, as text; changes nothing. */
  render(release: Release, signal?: AbortSignal): Promise<string>;
  install(release: Release, digest: string, signal?: AbortSignal): Promise<void>;
  upgrade(release: Release, digest: string, signal?: AbortSignal): Promise<void>;
  rollback(place: ReleasePlace, revision: number, signal?: AbortSignal): Promise<void>;
};

/** One call sends some forty small objects. */
const timeoutMs = 90_000;
const mostRevisions = '10';
/** Fields that somebody changed by hand are taken back; the API server knows the schemas of everything itself. */
const applying = ['--server-side=true', '--force-conflicts', '--timeout', '60s'];
const making = ['--skip-crds', '--disable-openapi-validation'];

/** Helm, run as a program of its own each time, with values in a file. Throws `HelmFailed`, or what `runGuarded` throws. */
export function createHelm({ command, kubeconfig, guard }: HelmOptions): Helm {
  /** Runs Helm in a folder of its own: it keeps nothing from one time to the next. */
  const run = async (doing: string, values: object, args: (file: string) => readonly string[], signal?: AbortSignal): Promise<string> => {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'driftbox-helm-'));
    try {
      const file = path.join(folder, 'values.json');
      await writeFile(file, JSON.stringify(values), { mode: 0o600 });
      const given = args(file);
      const guarded = { command, args: given, env: environment(folder, kubeconfig), guard, timeoutMs, signal };
      const { code, text, output } = await traceProgram('helm', given[0] ?? '', () => runGuarded(guarded));
      if (code !== 0) throw new HelmFailed(doing, text);
      return output;
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  };
  const named = ({ name, chart, namespace }: Release, file: string): string[] => [name, chart, '--namespace', namespace, '--values', file];
  const labelled = (digest: string): string[] => ['--labels', `${digestLabel}=${digest}`];

  return {
    render: (release, signal) => run(`rendering ${release.name}`, release.values, (file) => ['template', ...named(release, file)], signal),
    async install(release, digest, signal) {
      const args = (file: string): string[] => ['install', ...named(release, file), ...labelled(digest), ...making, ...applying];
      await run(`installing ${release.name}`, release.values, args, signal);
    },
    async upgrade(release, digest, signal) {
      const more = ['--reset-values', '--history-max', mostRevisions];
      const args = (file: string): string[] => ['upgrade', ...named(release, file), ...labelled(digest), ...more, ...making, ...applying];
      await run(`upgrading ${release.name}`, release.values, args, signal);
    },
    async rollback({ name, namespace }, revision, signal) {
      const args = ['rollback', name, String(revision), '--namespace', namespace, '--history-max', mostRevisions, ...applying];
      await run(`rolling ${name} back`, {}, () => args, signal);
    },
  };
}

/** Of this process's environment only what says where the API server is; what Helm would keep goes to `folder`. */
function environment(folder: string, kubeconfig: string | undefined): Record<string, string> {
  const passed = ['KUBERNETES_SERVICE_HOST', 'KUBERNETES_SERVICE_PORT', 'KUBECONFIG', 'SSL_CERT_FILE', 'SSL_CERT_DIR'];
  const known = Object.entries({ ...process.env }).filter(
    (one): one is [string, string] => passed.includes(one[0]) && one[1] !== undefined,
  );
  const homes = ['CACHE', 'CONFIG', 'DATA'].map((what) => [`HELM_${what}_HOME`, folder] as const);
  return { HOME: folder, ...Object.fromEntries([...known, ...homes]), ...(kubeconfig === undefined ? {} : { KUBECONFIG: kubeconfig }) };
}
