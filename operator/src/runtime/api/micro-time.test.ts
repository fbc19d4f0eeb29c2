import { expect, test } from '@jest/globals';
import { microTime } from './micro-time.ts';

test('six fraction digits, always', () => {
  expect(microTime(Date.UTC(2026, 0, 2, 3, 4, 5, 6))).toBe('2026-01-02T03:04:05.006000Z');
  expect(microTime(0)).toBe('1970-01-01T00:00:00.000000Z');
});
