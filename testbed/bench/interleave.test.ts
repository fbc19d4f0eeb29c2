import { describe, expect, test } from '@jest/globals';
import { interleave, summary } from './interleave.ts';
import { judge, type Row } from './row.ts';

describe('summary', () => {
  test('of an odd and an even count', () => {
    expect(summary([3, 1, 2])).toEqual({ median: 2, min: 1, max: 3 });
    expect(summary([4, 1, 2, 3])).toEqual({ median: 2.5, min: 1, max: 4 });
  });
  test('of nothing is refused', () => expect(() => summary([])).toThrow(RangeError));
});

test('subject and baseline take turns at going first', async () => {
  const order: string[] = [];
  const note = (name: string) => async (round: number) => order.push(`${name}${round}`);
  await interleave(3, note('A'), note('B'));
  expect(order).toEqual(['A0', 'B0', 'B1', 'A1', 'A2', 'B2']);
});

describe('judge', () => {
  const row = {
    row: 1,
    name: 'n',
    unit: 'MB/s',
    judged: 'ratio',
    better: 'higher',
    must: 0.4,
    aim: 0.7,
    measure: async () => ({ skipped: '' }),
  } as const satisfies Row;
  const measured = (value: number) => ({ value, baseline: 100, min: value, max: value });

  test.each([
    [70, 'aim'],
    [69, 'must'],
    [40, 'must'],
    [39, 'short'],
  ])('%d of 100 is %s', (value, verdict) => {
    expect(judge(row, measured(value)).verdict).toBe(verdict);
  });
  test('where less is better, by value', () => {
    const bytes = { ...row, judged: 'value', better: 'lower', must: 32_000, aim: 4_000 } as const;
    expect([4_000, 32_000, 32_001].map((value) => judge(bytes, { value, min: value, max: value }).verdict)).toEqual([
      'aim',
      'must',
      'short',
    ]);
  });
  test('what could not run says so', () =>
    expect(judge(row, { skipped: 'no pgbench' })).toMatchObject({ verdict: 'skipped', note: 'no pgbench' }));
  test('a ratio without a baseline is a mistake', () => expect(() => judge(row, { value: 1, min: 1, max: 1 })).toThrow('no baseline'));
});
