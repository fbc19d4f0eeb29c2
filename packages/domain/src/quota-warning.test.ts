import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { quotaWarning, quotaWarnings, warnedUntil } from './quota-warning.ts';

test.each([
  [0, 0, 0, false],
  [899, 0, 0, false],
  [900, 0, 90, true],
  [950, 90, 90, false],
  [1_000, 90, 100, true],
  [1_000, 0, 100, true],
  [1_200, 100, 100, false],
  [850, 100, 100, false],
  [799, 100, 0, false],
])('%i of 1,000 bytes after a warning of %i%% holds %i%%; told: %s', (heldBytes, warned, now, tell) => {
  expect(quotaWarning({ heldBytes, limitBytes: 1_000, warned })).toEqual({ warned: now, tell });
});

test('however it goes up and down, nothing is told twice without room in between', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(1_200), { maxLength: 50 }), (course) => {
      let warned = 0;
      let told = new Set<number>();
      for (const heldBytes of course) {
        if (heldBytes * 100 < 1_000 * warnedUntil) told = new Set();
        const { warned: now, tell } = quotaWarning({ heldBytes, limitBytes: 1_000, warned });
        if (tell) expect(told.has(now)).toBe(false);
        if (tell) told.add(now);
        warned = now;
        const due = quotaWarnings.findLast((percent) => heldBytes * 100 >= 1_000 * percent) ?? 0;
        expect(now).toBeGreaterThanOrEqual(due);
      }
    }),
  );
});
