import { expect, test } from '@jest/globals';
import { countTests } from './count-tests.ts';

const report = { numPassedTests: 5, numFailedTests: 1, numRuntimeErrorTestSuites: 2, numPendingTests: 1, numTodoTests: 0 };

test('a file that could not be loaded is a failure', () => {
  expect(countTests(report)).toEqual({ passed: 5, failed: 3, skipped: 1 });
});

test.each([undefined, {}, { ...report, numFailedTests: '1' }])('a broken report is never a success: %j', (broken) => {
  expect(() => countTests(broken)).toThrow('did the run end early?');
});
