import { expect, test } from '@jest/globals';
import { commitTimeMs, delaySeconds } from './commit-delay.ts';

test('a commit says when it was made; nothing else has a delay', () => {
  expect(commitTimeMs({ type: 'files.committed', time: '2026-01-01T00:00:00.250Z' })).toBe(Date.UTC(2026, 0, 1) + 250);
  expect(commitTimeMs({ type: 'files.committed', time: 'yesterday' })).toBeUndefined();
  expect(commitTimeMs({ type: 'drive.created', time: '2026-01-01T00:00:00Z' })).toBeUndefined();
  expect(commitTimeMs(undefined)).toBeUndefined();
});

test('a clock that is ahead makes no negative delay', () => {
  expect(delaySeconds(1_000, 3_500)).toBe(2.5);
  expect(delaySeconds(3_500, 1_000)).toBe(0);
});
