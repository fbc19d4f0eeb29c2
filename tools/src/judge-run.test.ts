import { expect, test } from '@jest/globals';
import { judgeRun, type Run } from './judge-run.ts';

const reportOf = (passed: number, failed: number, ...skipped: string[]) => ({
  numPassedTests: passed,
  numFailedTests: failed,
  numRuntimeErrorTestSuites: 0,
  numPendingTests: skipped.length,
  numTodoTests: 0,
  testResults: [
    {
      name: 'a.test.ts',
      status: 'passed',
      message: '',
      assertionResults: skipped.map((fullName) => ({ status: 'pending', fullName, failureMessages: [] })),
    },
  ],
});
const run: Run = { failedChecks: [], unrun: [], report: reportOf(5, 0), jestOk: true };

test('a good run says so in its last line', () => {
  expect(judgeRun(run, true)).toEqual({ lines: ['5 passed, 0 failed'], ok: true });
});

test.each([
  [
    'a kind of test file',
    { ...run, unrun: [{ suffix: 's3', reason: 'Go is not installed' }] },
    'not run: *.s3.test.ts: Go is not installed',
  ],
  ['a single test', { ...run, report: reportOf(5, 0, 'a full disk (needs root)') }, 'not run: a.test.ts: a full disk: needs root'],
])('%s that was not run is named with why; with CI=true it is a failure', (_what, lacking, line) => {
  expect(judgeRun(lacking, false)).toEqual({ lines: [line, '5 passed, 0 failed'], ok: true });
  expect(judgeRun(lacking, true)).toEqual({ lines: [line, '5 passed, 1 failed'], ok: false });
});

test('what a flag left out is counted, and no failure', () => {
  const filtered = { ...run, report: reportOf(5, 0, 'not chosen') };
  expect(judgeRun(filtered, true)).toEqual({ lines: ['1 skipped', '5 passed, 0 failed'], ok: true });
});

test.each<[string, Run, string]>([
  ['a check that failed', { ...run, failedChecks: ['lint'] }, '5 passed, 1 failed'],
  ['a run that ended badly', { ...run, jestOk: false }, '5 passed, 1 failed'],
  ['a run that left no report', { ...run, report: undefined, jestOk: false }, '0 passed, 1 failed'],
  ['a run of no test', { ...run, report: reportOf(0, 0) }, '0 passed, 0 failed'],
])('%s is no success', (_what, bad, sum) => {
  const { lines, ok } = judgeRun(bad, false);
  expect([lines.at(-1), ok]).toEqual([sum, false]);
});
