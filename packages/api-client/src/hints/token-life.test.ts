import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { renewAfterMs } from './token-life.ts';

const nowMs = Date.UTC(2026, 0, 1);
const token = (iat: number, exp: number): string => `h.${Buffer.from(JSON.stringify({ iat, exp })).toString('base64url')}.s`;

test('a token is renewed a minute to a minute and a half before its end', () => {
  const fresh = token(nowMs / 1000, nowMs / 1000 + 900);
  expect(renewAfterMs(fresh, nowMs, 0)).toBe(840_000);
  expect(renewAfterMs(fresh, nowMs, 1)).toBe(810_000);
});

test('whatever a token says and whatever the clock says, it is renewed neither at once nor later than its whole life', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: -1e7, max: 1e7 }),
      fc.integer({ min: 3, max: 1e5 }),
      fc.float({ min: 0, max: 1, noNaN: true }),
      (skew, life, dice) => {
        const afterMs = renewAfterMs(token(nowMs / 1000 + skew, nowMs / 1000 + skew + life), nowMs, dice);
        expect(afterMs).toBeGreaterThanOrEqual(1_000);
        expect(afterMs).toBeLessThanOrEqual(life * 1_000);
      },
    ),
  );
});

test.each(['', 'no jwt', 'a.b.c', token(5, 5), 'a.bnVsbA.c'])('%p is renewed now and then', (odd) => {
  const afterMs = renewAfterMs(odd, nowMs, 0.5);
  expect(afterMs).toBeGreaterThan(60_000);
  expect(afterMs).toBeLessThan(11 * 60_000);
});
