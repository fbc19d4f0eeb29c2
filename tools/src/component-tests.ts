import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { text } from 'node:stream/consumers';

/** A component that tests need, as `testbed/components` reports it. */
type Outcome = { readonly name: string; readonly status: 'ready' | 'missing' | 'failed'; readonly reason?: string };

/** Test files that this machine cannot run, with the reason. */
export type Unrunnable = { readonly suffix: string; readonly reason: string };

const logLines = 30;

/** The suffix of the test files that need each component. */
const suffixByComponent: Readonly<Record<string, string>> = {
  redis: 'redis',
  minio: 's3',
  kafka: 'kafka',
  nginx: 'nginx',
  helm: 'helm',
  prometheus: 'prometheus',
  k6: 'k6',
  openbao: 'openbao',
  faketime: 'faketime',
  kubernetes: 'k8s',
};

/**
 * Installs what the test files need whose paths match `patterns` (all, if there are none), and answers which cannot run
 * because a prerequisite is missing. Progress goes to stderr. Throws where an installation was tried and failed.
 */
export async function prepareComponents(root: string, patterns: readonly string[]): Promise<Unrunnable[]> {
  const file = path.join(root, 'testbed/components/main.ts');
  const child = spawn(process.execPath, ['--no-warnings', file, 'install', '--tests', '--json', '--', ...patterns], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return unrunnable(JSON.parse(await text(child.stdout)) as Outcome[]);
}

/** What cannot run. Throws, with its output, for an installation that failed though everything for it was there. */
export function unrunnable(outcomes: readonly Outcome[]): Unrunnable[] {
  const failed = outcomes.find(({ status }) => status === 'failed');
  if (failed !== undefined) throw new Error(`${failed.name} could not be installed: ${failed.reason}`);
  return outcomes
    .filter(({ status }) => status === 'missing')
    .map(({ name, reason = '' }) => ({ suffix: suffixByComponent[name] ?? name, reason }));
}

/** What jest is told so that it leaves these files alone, and those that need another component besides: `.kafka.s3.test.ts`. */
export function ignoreFlags(unrun: readonly Unrunnable[]): string[] {
  if (unrun.length === 0) return [];
  return ['/node_modules/', ...unrun.map(({ suffix }) => `\\.${suffix}(?:\\.[a-z0-9]+)*\\.test\\.ts$`)].map(
    (pattern) => `--testPathIgnorePatterns=${pattern}`,
  );
}

/** Says where the logs are of what failed test files had started themselves: a folder of `folder` for each. */
export function testLogs(folder: string): string[] {
  const names = fs.existsSync(folder) ? fs.readdirSync(folder).sort() : [];
  return names.map((name) => `logs of what ${name} had started: ${path.join(folder, name)}`);
}

/** The last lines of every log that the components of the last run left in `folder`. */
export function componentLogs(folder: string): string {
  const names = fs.existsSync(folder) ? fs.readdirSync(folder).sort() : [];
  return names
    .map((name) => {
      const lines = fs.readFileSync(path.join(folder, name), 'utf8').trimEnd().split('\n');
      return `--- ${path.join(folder, name)}\n${lines.slice(-logLines).join('\n')}`;
    })
    .join('\n');
}
