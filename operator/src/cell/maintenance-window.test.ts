import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { nextStartMs } from './maintenance-window.ts';

const at = (text: string): number => Date.parse(`${text}:00Z`);
const weekend = { days: ['Sat', 'Sun'] as ('Sat' | 'Sun')[], start: '22:30', hours: 4 };

test.each([
  // 2026-11-28 is a Saturday.
  ['long before', '2026-11-24T12:00', '2026-11-28T22:30'],
  ['just before', '2026-11-28T22:29', '2026-11-28T22:30'],
  ['as it opens', '2026-11-28T22:30', '2026-11-28T22:30'],
  ['after midnight, while it is still open', '2026-11-29T02:29', '2026-11-29T02:29'],
  ['as it closes', '2026-11-29T02:30', '2026-11-29T22:30'],
  ['after the last one of a week', '2026-11-30T02:30', '2026-12-05T22:30'],
])('%s', (_, now, start) => {
  expect(nextStartMs(weekend, at(now))).toBe(at(start));
});

test('without a window any time is right', () => {
  expect(nextStartMs(undefined, 5)).toBe(5);
});

test('a start is never before now, within a week, and a time at which an upgrade may begin', () => {
  const window = fc.record({
    days: fc.uniqueArray(fc.constantFrom('Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'), { minLength: 1 }),
    start: fc
      .record({ hour: fc.nat(23), minute: fc.nat(59) })
      .map((time) => [time.hour, time.minute].map((n) => `${n}`.padStart(2, '0')).join(':')),
    hours: fc.integer({ min: 1, max: 24 }),
  });
  fc.assert(
    fc.property(window, fc.integer({ min: 0, max: 4e12 }), (maintenance, now) => {
      const start = nextStartMs(maintenance, now);
      expect(start).toBeGreaterThanOrEqual(now);
      expect(start - now).toBeLessThanOrEqual(7 * 86_400_000);
      expect(nextStartMs(maintenance, start)).toBe(start);
      if (start > now) expect(nextStartMs(maintenance, start - 1)).toBe(start);
    }),
  );
});
