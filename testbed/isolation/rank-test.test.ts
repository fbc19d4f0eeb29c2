import { seededRandom } from '@driftbox/testkit';
import { expect, test } from '@jest/globals';
import { median, rankDifference } from './rank-test.ts';

const random = seededRandom(7);
const sample = (count: number, shift: number): number[] => Array.from({ length: count }, () => random.next() + shift);

test('samples of one kind hardly differ, and a small shift of all values shows', () => {
  for (let round = 0; round < 50; round += 1) expect(Math.abs(rankDifference(sample(200, 0), sample(200, 0)))).toBeLessThan(4);
  expect(rankDifference(sample(200, 0.2), sample(200, 0))).toBeGreaterThan(4);
  expect(rankDifference(sample(200, 0), sample(200, 0.2))).toBeLessThan(-4);
});

test('values that are all equal do not differ', () => {
  expect(rankDifference(Array<number>(30).fill(1), Array<number>(30).fill(1))).toBe(0);
});

test('the known case of two samples apart has the known value', () => {
  // U is 0 of 9, its mean 4.5, its deviation the root of 9 * 7 / 12.
  expect(rankDifference([1, 2, 3], [4, 5, 6])).toBeCloseTo(-4.5 / Math.sqrt(5.25), 10);
});

test('the middle of a list does not depend on its order', () => {
  expect([median([3, 1, 2]), median([1])]).toEqual([2, 1]);
});
