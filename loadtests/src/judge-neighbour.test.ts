import { expect, test } from '@jest/globals';
import { judgeNeighbour } from './judge-neighbour.ts';

const most = { 'p(95)': 2, 'p(99)': 3 };
const summaryOf = (alone: object, beside: object, refused: number) => ({
  metrics: {
    'http_req_duration{phase:alone}': { values: alone },
    'http_req_duration{phase:beside}': { values: beside },
    flood_served: { values: { count: 0 } },
    flood_refused: { values: { count: refused } },
  },
});

test('times beside a flood are compared with those before it', () => {
  const { slower, refused } = judgeNeighbour(summaryOf({ 'p(95)': 10, 'p(99)': 20 }, { 'p(95)': 20, 'p(99)': 61 }, 7), most);
  expect(slower).toEqual([
    { percentile: 'p(95)', aloneMs: 10, besideMs: 20, most: 2, holds: true },
    { percentile: 'p(99)', aloneMs: 20, besideMs: 61, most: 3, holds: false },
  ]);
  expect(refused).toBe(7);
});

test('a flood that did not come shows nothing, nor do times that were not measured', () => {
  const fast = { 'p(95)': 10, 'p(99)': 10 };
  for (const summary of [summaryOf(fast, fast, 0), summaryOf({}, fast, 1), summaryOf(fast, {}, 1)]) {
    expect(judgeNeighbour(summary, most).slower.map(({ holds }) => holds)).toEqual([false, false]);
  }
});
