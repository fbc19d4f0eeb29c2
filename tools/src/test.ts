// `npm test`: the checks, then every test of the repository. The last line is the sum; the exit code agrees with it.
// What cannot run on this machine, by file or by test, is left out and named; on CI that is a failure.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { runMain } from '@driftbox/command-line';
import { componentLogs, ignoreFlags, prepareComponents, testLogs } from './component-tests.ts';
import { slowestFiles } from './count-tests.ts';
import { judgeRun } from './judge-run.ts';
import { runSteps } from './steps/run-steps.ts';
import { jestStep, root, staticSteps } from './steps/steps.ts';

const print = (text: string): void => console.log(text);

const usage = `npm test [-- PATTERNS] [FLAGS OF JEST]

The checks, then every test, or those whose file matches a pattern, each with the servers that it needs. With CI=true
whatever cannot run here is a failure; DRIFTBOX_TEST_SEED=7 begins property tests at a seed.
Example: npm test -- services/auth -t "wrong password"`;

async function main(args: readonly string[]): Promise<number> {
  const checks = await runSteps(staticSteps, root, 2, print);

  const unrun = await prepareComponents(
    root,
    args.filter((arg) => !arg.startsWith('-')),
  );

  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'driftbox-test-'));
  const reportFile = path.join(folder, 'report.json');
  const [jest] = await runSteps(
    [jestStep('tests', '--maxWorkers=3', '--json', `--outputFile=${reportFile}`, ...ignoreFlags(unrun), ...args)],
    root,
    1,
    print,
  );
  const report: unknown = fs.existsSync(reportFile) ? JSON.parse(fs.readFileSync(reportFile, 'utf8')) : undefined;
  fs.rmSync(folder, { recursive: true, force: true });

  if (report !== undefined) print(`the slowest files:\n${slowestFiles(report, 12).join('\n')}`);

  const failedChecks = checks.filter(({ ok }) => !ok).map(({ name }) => name);
  if (jest?.ok === false) {
    print(componentLogs(path.join(root, '.cache/component-logs')));
    testLogs(path.join(root, '.cache/test-logs')).forEach(print);
  }
  const { lines, ok } = judgeRun({ failedChecks, unrun, report, jestOk: jest?.ok !== false }, process.env['CI'] === 'true');
  lines.forEach(print);
  return ok ? 0 : 1;
}

await runMain({ name: 'test', usage, main });
