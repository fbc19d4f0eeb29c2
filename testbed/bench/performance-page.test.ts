import { expect, test } from '@jest/globals';
import { performancePage } from './performance-page.ts';

test('a line for each result, with what was not measured left empty', () => {
  const page = performancePage(
    [
      {
        row: 1,
        name: 'upload',
        unit: 'MB/s',
        value: 118.4,
        baseline: 295,
        ratio: 0.4014,
        min: 99,
        max: 121,
        must: 0.4,
        aim: 0.7,
        verdict: 'must',
      },
      { row: 13, name: 'commits', unit: '1/s', must: 0.2, aim: 0.4, verdict: 'skipped', note: 'no pgbench' },
    ],
    'a machine',
  );
  expect(page).toContain('| 1 | upload | 118 MB/s (99.0 to 121) | 295 | 0.40 | 0.4 | 0.7 | must |  |');
  expect(page).toContain('| 13 | commits |  |  |  | 0.2 | 0.4 | skipped | no pgbench |');
  expect(page).toContain('Measured on a machine.');
});

const one = { row: 1, name: 'upload', unit: 'MB/s', must: 0.4, aim: 0.7, verdict: 'short' as const, value: 54, min: 53, max: 56 };

test('rows measured on a stack stand in a table of their own', () => {
  const page = performancePage([{ ...one, value: 150, verdict: 'must' }], 'a machine', [one]);
  const [alone, onStack] = page.split('## On a stack');
  expect(alone).toContain('| 150 MB/s ');
  expect(onStack).toContain('| 1 | upload | 54.0 MB/s (53.0 to 56.0) |');
  expect(performancePage([one], 'a machine')).not.toContain('On a stack');
});

test('what was skipped here and measured elsewhere stands there alone, and the operator by itself', () => {
  const skipped = { ...one, row: 25, verdict: 'skipped' } as const;
  const page = performancePage([one, skipped], 'a machine', [skipped, { ...one, row: 25, name: 'a Tenant' }]);
  const [alone, ofOperator] = page.split('## The operator');
  expect([alone?.includes('| 25 |'), ofOperator?.includes('| 25 | a Tenant |')]).toEqual([false, true]);
});
