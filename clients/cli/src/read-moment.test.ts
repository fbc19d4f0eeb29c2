import { expect, test } from '@jest/globals';
import { UsageError } from './exit-codes.ts';
import { readMoment } from './read-moment.ts';

test.each([
  ['2026-01-31T12:00:00Z', '2026-01-31T12:00:00.000Z'],
  ['2026-01-31T12:00:00+02:00', '2026-01-31T10:00:00.000Z'],
  ['2026-01-31', '2026-01-31T00:00:00.000Z'],
])('%s is the moment %s', (text, at) => {
  expect(readMoment('--since', text, 'before')).toBe(at);
});

test.each([
  ['2h', 'before', -7_200_000],
  ['7d', 'after', 7 * 86_400_000],
] as const)('%s is so long %s now', (text, fromNow, ms) => {
  const earliest = Date.now() + ms;
  const at = Date.parse(readMoment('--expires', text, fromNow));
  expect(at).toBeGreaterThanOrEqual(earliest);
  expect(at).toBeLessThanOrEqual(Date.now() + ms);
});

test.each(['', 'soon', '7', '7w', '-1d', '0d', '2026', '2026-13-01', '2026-01-31Tnoon', '2026-01-3'])('%j is none', (text) => {
  expect(() => readMoment('--since', text, 'before')).toThrow(UsageError);
});
