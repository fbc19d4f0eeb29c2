import { expect, test } from '@jest/globals';
import { Debounce, busyEveryMs, longestMs, quietMs } from './debounce.ts';

test('a saved file goes once it has been quiet for a moment', () => {
  const debounce = new Debounce();
  expect(debounce.dueMs()).toBeUndefined();
  debounce.changed(['a'], 1_000);
  expect(debounce.dueMs()).toBe(1_000 + quietMs);
  debounce.changed(['a'], 1_050);
  expect(debounce.dueMs()).toBe(1_050 + quietMs);
  debounce.passed(1_150);
  expect(debounce.dueMs()).toBeUndefined();
});

test('a burst without an end goes after a while all the same', () => {
  const debounce = new Debounce();
  for (let ms = 0; ms < 5_000; ms += 50) debounce.changed([`f${ms}`], ms);
  expect(debounce.dueMs()).toBe(longestMs);
});

test('a file that is written all the time goes every few seconds, whatever the clock asks for in between', () => {
  const debounce = new Debounce();
  const passes: number[] = [];
  for (let ms = 0; ms <= 60_000; ms += 10) {
    if (ms % 1_000 === 0) debounce.changed(['log'], ms);
    const dueMs = debounce.dueMs();
    if (dueMs !== undefined && dueMs <= ms) {
      passes.push(ms);
      debounce.passed(ms);
      expect(debounce.notBeforeMs()).toBe(passes.length === 1 ? -Infinity : ms + busyEveryMs);
    }
  }
  const gaps = passes.slice(1).map((ms, index) => ms - (passes[index] ?? 0));
  expect(Math.min(...gaps)).toBeGreaterThanOrEqual(busyEveryMs);
  expect(Math.max(...gaps)).toBeLessThan(5_000);
});

test('another file does not wait for the busy one', () => {
  const debounce = new Debounce();
  debounce.changed(['log'], 0);
  debounce.passed(100);
  debounce.changed(['log'], 1_000);
  expect(debounce.dueMs()).toBe(100 + busyEveryMs);
  debounce.changed(['letter'], 1_100);
  expect(debounce.dueMs()).toBe(1_100 + quietMs);
});
