import { expect, test } from '@jest/globals';
import { reasonMark } from '../src/target/needs.ts';
import { summarise } from './summarise.ts';

const result = (status: string, fullName: string, ...failureMessages: string[]) => ({ status, fullName, failureMessages });

test('a report is summed up: failures with the beginning of why, skipped tests with what they need', () => {
  const report = {
    numPassedTests: 1,
    numFailedTests: 1,
    numRuntimeErrorTestSuites: 1,
    testResults: [
      {
        name: '/somewhere/a.e2e.test.ts',
        status: 'failed',
        message: '',
        assertionResults: [
          result('passed', 'good'),
          result('failed', 'bad', Array.from({ length: 40 }, (_, line) => `line ${line}`).join('\n')),
          result('pending', `killed${reasonMark}a server of its own)`),
          result('pending', 'a full disk'),
        ],
      },
      { name: '/somewhere/b.e2e.test.ts', status: 'failed', message: 'no such module', assertionResults: [] },
    ],
  };
  const { passed, failed, skipped, failures } = summarise(report);
  expect([passed, failed]).toEqual([1, 2]);
  expect(skipped).toEqual([
    { file: 'a.e2e.test.ts', name: 'killed', needs: 'a server of its own' },
    { file: 'a.e2e.test.ts', name: 'a full disk', needs: 'what this machine or user has not' },
  ]);
  expect(failures).toEqual([expect.stringMatching(/^a\.e2e\.test\.ts: bad\n {2}line 0\n(?!.*line 12)/), 'b.e2e.test.ts\n  no such module']);
});
