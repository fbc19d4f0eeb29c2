import { expect, test } from '@jest/globals';
import { countTests, failedTests, lackingTests, slowestFiles } from './count-tests.ts';

const report = { numPassedTests: 5, numFailedTests: 1, numRuntimeErrorTestSuites: 2, numPendingTests: 1, numTodoTests: 0 };

test('a file that could not be loaded is a failure', () => {
  expect(countTests(report)).toEqual({ passed: 5, failed: 3, skipped: 1 });
});

test.each([undefined, {}, { ...report, numFailedTests: '1' }])('a broken report is never a success: %j', (broken) => {
  expect(() => countTests(broken)).toThrow('did the run end early?');
});

test('each failed test is named with why, and each file that could not be loaded', () => {
  const passed = { status: 'passed', fullName: 'works', failureMessages: [] };
  const failed = { status: 'failed', fullName: 'a box opens', failureMessages: [`Expected 1\n${'at line\n'.repeat(30)}`] };
  const testResults = [
    { name: 'a.test.ts', status: 'passed', message: '', assertionResults: [passed] },
    { name: 'b.test.ts', status: 'failed', message: 'long', assertionResults: [passed, failed] },
    { name: 'c.test.ts', status: 'failed', message: 'no such module', assertionResults: [] },
  ];
  const names = failedTests({ ...report, testResults });
  expect(names.map((name) => name.split('\n').slice(0, 2))).toEqual([
    ['b.test.ts: a box opens', '  Expected 1'],
    ['c.test.ts', '  no such module'],
  ]);
  expect(names[0]?.split('\n')).toHaveLength(13);
});

test('what was skipped for a lack is named with it; what a flag left out is not', () => {
  const one = (status: string, fullName: string) => ({ status, fullName, failureMessages: [] });
  const assertionResults = [
    one('pending', 'a full disk is told (needs the right to mount a file system: root on Linux)'),
    one('pending', 'not chosen by a flag'),
    one('passed', 'a box (needs a key)'),
  ];
  const testResults = [{ name: 'a.e2e.test.ts', status: 'passed', message: '', assertionResults }];
  expect(lackingTests({ ...report, testResults })).toEqual([
    { name: 'a.e2e.test.ts: a full disk is told', lacks: 'the right to mount a file system: root on Linux' },
  ]);
});

test('the slowest files come first', () => {
  const testResults = [1, 30, 2.5].map((seconds, i) => ({ name: `${i}.test.ts`, startTime: 1000, endTime: 1000 + seconds * 1000 }));
  expect(slowestFiles({ testResults }, 2)).toEqual(['  30.0 s  1.test.ts', '   2.5 s  2.test.ts']);
});
