import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { temporaryFolder } from '@driftbox/testkit';
import { projectFolder } from '../../src/standalone-process.ts';
import { numberOfPart, type Point, type Shown } from '../point.ts';
import { filesOf, livesDocument, testedLives } from './tested-lives.ts';

type Test = {
  readonly fullName: string;
  readonly status: string;
  readonly duration?: number | null;
  readonly failureMessages?: readonly string[];
};
type Report = { readonly testResults: readonly { readonly message?: string; readonly assertionResults: readonly Test[] }[] };

/** Files of which `npm test` runs a smaller part: with these settings, one run after the other. */
const larger: Readonly<Record<string, readonly Readonly<Record<string, string>>[]>> = {
  'testbed/platform/many-tenants.k8s.test.ts': [{ DRIFTBOX_TENANTS: '200' }, { DRIFTBOX_TENANTS: '1000' }],
  'testbed/platform/tenant-kills.k8s.test.ts': [{ DRIFTBOX_OPERATOR_KILLS: '45' }],
};

const lives = testedLives();

/** What an API server, the operator, Helm and the services show: a point for each file that `docs/tested-lives.md` names. */
const byFile: readonly Point[] = filesOf(lives).map((file, index) => ({
  number: numberOfPart(2, index + 1),
  promise: `${livesDocument}, by ${file}`,
  async show(tell) {
    const figures: string[] = [];
    let holds = true;
    for (const env of larger[file] ?? [{}]) {
      const settings = Object.entries(env).map(([name, value]) => `${name}=${value}`);
      if (settings.length > 0) tell(settings.join(' '));
      const shown = await showFile(file, env);
      holds &&= shown.holds;
      figures.push(...settings, shown.figure);
    }
    return { holds, figure: figures.join('\n') };
  },
}));

/** The whole of it is shown when nothing is left that is not. */
const complete: Point = {
  number: numberOfPart(2, byFile.length + 1),
  promise: `${livesDocument} names for each line what shows it`,
  async show() {
    const missing = lives.flatMap(({ what, shownBy }) => (shownBy.kind === 'none' ? [`not yet: ${what} (${shownBy.why})`] : []));
    return { holds: missing.length === 0, figure: [`${lives.length - missing.length} of ${lives.length} lines`, ...missing].join('\n') };
  },
};

/** The second point, in parts that can be resumed one by one. */
export const lifeTests: readonly Point[] = [...byFile, complete];

/** Runs a file; a line of the document holds when all tests of its name passed, and there is one. */
async function showFile(file: string, env: Readonly<Record<string, string>>): Promise<Shown> {
  const { testResults } = await runFile(file, env);
  const tests = testResults.flatMap(({ assertionResults }) => assertionResults);
  const failed = tests.filter(({ status }) => status !== 'passed');
  const lines = lives.flatMap(({ what, shownBy }) => {
    if (shownBy.kind !== 'test' || shownBy.file !== file) return [];
    const own = tests.filter(({ fullName }) => fullName.includes(shownBy.title));
    const isShown = own.length > 0 && own.every(({ status }) => status === 'passed');
    const seconds = own.reduce((sum, { duration }) => sum + (duration ?? 0), 0) / 1000;
    return [{ isShown, text: `${seconds.toFixed(1).padStart(6)} s  ${isShown ? 'shown' : 'NOT SHOWN'}  ${what}` }];
  });
  const why = failed.map(({ fullName, failureMessages = [] }) => `${fullName}: ${failureMessages.join('\n').slice(0, 2_000)}`);
  const unrun = tests.length === 0 ? testResults.map(({ message = '' }) => message.slice(0, 2_000)) : [];
  return {
    holds: tests.length > 0 && failed.length === 0 && lines.every(({ isShown }) => isShown),
    figure: [...lines.map(({ text }) => text), ...why, ...unrun].join('\n'),
  };
}

async function runFile(file: string, env: Readonly<Record<string, string>>): Promise<Report> {
  await using folder = await temporaryFolder();
  const report = path.join(folder.path, 'report.json');
  const flags = ['--json', `--outputFile=${report}`, '--maxWorkers=1', '--runTestsByPath', file];
  const jest = spawn(process.execPath, ['--no-warnings', 'node_modules/jest/bin/jest.js', ...flags], {
    cwd: projectFolder,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  await once(jest, 'close');
  return JSON.parse(await readFile(report, 'utf8')) as Report;
}
