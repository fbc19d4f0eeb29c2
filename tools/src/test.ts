// `npm test`: the checks, then every test of the repository. The last line is the sum; the exit code agrees with it.
// Test files whose component cannot be had on this machine are left out and named; on CI that is a failure.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { componentLogs, ignoreFlags, prepareComponents } from './component-tests.ts';
import { countTests, failedTests, slowestFiles } from './count-tests.ts';
import { runSteps } from './steps/run-steps.ts';
import { jestStep, root, staticSteps } from './steps/steps.ts';

const print = (text: string): void => console.log(text);
const checks = await runSteps(staticSteps, root, 2, print);

const args = process.argv.slice(2);
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
const count = report === undefined ? { passed: 0, failed: 1, skipped: 0 } : countTests(report);
fs.rmSync(folder, { recursive: true, force: true });

if (report !== undefined) print(`the slowest files:\n${slowestFiles(report, 12).join('\n')}`);

const failedChecks = checks.filter(({ ok }) => !ok).map(({ name }) => name);
if (failedChecks.length > 0) print(`checks failed: ${failedChecks.join(', ')}`);
for (const { suffix, reason } of unrun) print(`not run: *.${suffix}.test.ts: ${reason}`);
if (jest?.ok === false) print(componentLogs(path.join(root, '.cache/component-logs')));
// Last, so that they are seen where only the end of the output is.
for (const name of report === undefined ? [] : failedTests(report)) print(`failed: ${name}`);
if (jest?.ok === false && count.failed === 0) print('failed: the test run did not end as it should, though no test failed');
if (count.skipped > 0) print(`${count.skipped} skipped`);
// A failed check, and a run that ended badly though no single test did, are failures too.
const leftOut = process.env['CI'] === 'true' ? unrun.length : 0;
const failed = count.failed + failedChecks.length + leftOut + (jest?.ok === false && count.failed === 0 ? 1 : 0);
print(`${count.passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && count.passed > 0 ? 0 : 1;
