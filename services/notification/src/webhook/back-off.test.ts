import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { backOffMs } from './back-off.ts';

test('tries come less and less often, at least once an hour, and not all at the same time', () => {
  expect([1, 2, 3, 100].map((failures) => backOffMs(failures, () => 1))).toEqual([5_000, 10_000, 20_000, 3_600_000]);
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 10_000 }), fc.double({ min: 0, max: 1, noNaN: true }), (failures, random) => {
      const waitMs = backOffMs(failures, () => random);
      expect(waitMs).toBeGreaterThanOrEqual(4_000);
      expect(waitMs).toBeLessThanOrEqual(3_600_000);
      expect(backOffMs(failures + 2, () => random)).toBeGreaterThanOrEqual(waitMs);
    }),
  );
});
