import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { LoadPlan } from '../k6/plan.ts';
import { projectFolder, runProgram } from './start-program.ts';

/** What k6 left. */
export type K6Run = {
  /** 0, or 99 when a threshold did not hold, 105 when it was interrupted; anything else is a failure of k6 itself. */
  readonly exitCode: number | null;
  /** What `handleSummary` was given; absent when k6 did not come so far. */
  readonly summary: unknown;
  /** A line for everything that the workloads had to say. */
  readonly lines: readonly string[];
};

/** Installs k6 if it is missing. Answers its path. */
export async function findK6(): Promise<string> {
  await runProgram('testbed/components/main.ts', ['install', 'k6', '--json']);
  const rows = (await runProgram('testbed/components/main.ts', ['status', '--json'])) as { name: string; folders: string[] }[];
  const folder = rows.find(({ name }) => name === 'k6')?.folders[0];
  if (folder === undefined) throw new Error('k6 is not installed: npm run components -- install k6');
  return path.join(folder, 'k6');
}

/** Lets k6 carry out a plan, with its files in `folder`; an aborted signal ends the load early, which k6 reports by its exit code. */
export async function runK6(
  command: string,
  plan: LoadPlan,
  folder: string,
  { caFile, signal }: { readonly caFile?: string | undefined; readonly signal?: AbortSignal | undefined } = {},
): Promise<K6Run> {
  const at = (name: string): string => path.join(folder, name);
  await writeFile(at('plan.json'), JSON.stringify(plan), { mode: 0o600 });
  const flags = ['--no-usage-report', '--quiet', '--no-color', '--log-format', 'raw', '--console-output', at('console'), '--address', ''];
  const child = spawn(command, ['run', ...flags, path.join(projectFolder, 'loadtests/k6/main.ts')], {
    env: {
      ...process.env,
      LOAD_PLAN: at('plan.json'),
      LOAD_SUMMARY: at('summary.json'),
      ...(caFile === undefined ? {} : { SSL_CERT_FILE: path.resolve(caFile) }),
    },
    // What it says by itself is for people.
    stdio: ['ignore', 2, 2],
    detached: true,
  });
  const interrupt = (): void => void child.kill('SIGINT');
  signal?.addEventListener('abort', interrupt);
  const [exitCode] = (await once(child, 'close')) as [number | null];
  signal?.removeEventListener('abort', interrupt);
  const summary = await readFile(at('summary.json'), 'utf8').catch(() => undefined);
  const lines = (await readFile(at('console'), 'utf8').catch(() => '')).split('\n').filter((line) => line !== '');
  return { exitCode, summary: summary === undefined ? undefined : JSON.parse(summary), lines };
}
