import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { giveShared, takeShared } from './shared-memory.ts';

beforeAll(() => void jest.useFakeTimers());
afterAll(() => void jest.useRealTimers());

const mebibyte = 1 << 20;

test('what is given back is taken again, by the smaller too', () => {
  const large = takeShared(6 * mebibyte);
  giveShared(large);
  const again = takeShared(4 * mebibyte);
  expect(again.buffer).toBe(large.buffer);
  expect(again.length).toBe(4 * mebibyte);
  expect(() => giveShared(large)).not.toThrow();
  expect(() => giveShared(again)).toThrow('once');
});

test('nothing is kept once nobody has given anything for a while', () => {
  const first = takeShared(4 * mebibyte);
  giveShared(first);
  jest.advanceTimersByTime(9_000);
  const second = takeShared(4 * mebibyte);
  expect(second.buffer).toBe(first.buffer);
  giveShared(second);
  jest.advanceTimersByTime(10_000);
  expect(takeShared(4 * mebibyte).buffer).not.toBe(first.buffer);
});
