import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { quotaWarning, quotaWarnings, type QuotaHolder } from './quota-warning.ts';

test.each<[QuotaHolder, number, number, number, boolean]>([
  ['user', 0, 0, 0, false],
  ['user', 899, 0, 0, false],
  ['user', 900, 0, 90, true],
  ['user', 950, 90, 90, false],
  ['user', 1_000, 90, 100, true],
  ['user', 1_000, 0, 100, true],
  ['user', 1_200, 100, 100, false],
  ['user', 850, 100, 100, false],
  ['user', 799, 100, 0, false],
  ['tenant', 799, 0, 0, false],
  ['tenant', 800, 0, 80, true],
  ['tenant', 899, 80, 80, false],
  ['tenant', 900, 80, 90, true],
  ['tenant', 1_000, 90, 100, true],
  ['tenant', 750, 100, 100, false],
  ['tenant', 699, 100, 0, false],
])('a %s with %i of 1,000 bytes after a warning of %i%% holds %i%%; told: %s', (holder, heldBytes, warned, now, tell) => {
  expect(quotaWarning({ holder, heldBytes, growBytes: 0, limitBytes: 1_000, warned })).toEqual({ warned: now, tell });
});

test('who had room again is warned anew, though it is taken in one step', () => {
  const full = { holder: 'tenant' as const, limitBytes: 1_000, warned: 100 };
  expect(quotaWarning({ ...full, heldBytes: 600, growBytes: 200 })).toEqual({ warned: 80, tell: true });
  expect(quotaWarning({ ...full, heldBytes: 700, growBytes: 200 })).toEqual({ warned: 100, tell: false });
});

test.each<QuotaHolder>(['user', 'tenant'])('however a %s goes up and down, nothing is told twice without room in between', (holder) => {
  const { at, until } = quotaWarnings[holder];
  fc.assert(
    fc.property(fc.array(fc.nat(1_200), { maxLength: 50 }), (course) => {
      let warned = 0;
      let told = new Set<number>();
      for (const heldBytes of course) {
        if (heldBytes * 100 < 1_000 * until) told = new Set();
        const { warned: now, tell } = quotaWarning({ holder, heldBytes, growBytes: 0, limitBytes: 1_000, warned });
        if (tell) expect(told.has(now)).toBe(false);
        if (tell) told.add(now);
        warned = now;
        const due = at.findLast((percent) => heldBytes * 100 >= 1_000 * percent) ?? 0;
        expect(now).toBeGreaterThanOrEqual(due);
      }
    }),
  );
});
