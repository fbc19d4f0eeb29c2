import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { RequestCounter } from './request-counter.ts';

const rates = fc.record({ perSecond: fc.integer({ min: 1, max: 1000 }), burst: fc.integer({ min: 1, max: 100 }) });

test('a burst is taken at once, and no more', () => {
  fc.assert(
    fc.property(rates, (rate) => {
      const counter = new RequestCounter(10);
      for (let count = 0; count < rate.burst; count += 1) expect(counter.take([{ key: 'a', rate }], 0)).toBe(0);
      expect(counter.take([{ key: 'a', rate }], 0)).toBeCloseTo(1000 / rate.perSecond, 6);
      expect(counter.take([{ key: 'b', rate }], 0)).toBe(0);
    }),
  );
});

test('whoever waits as long as was said is taken, and whoever comes sooner is not', () => {
  fc.assert(
    fc.property(rates, fc.array(fc.nat(50), { maxLength: 200 }), (rate, gaps) => {
      const counter = new RequestCounter(10);
      let nowMs = 0;
      for (const gapMs of gaps) {
        nowMs += gapMs;
        const waitMs = counter.take([{ key: 'a', rate }], nowMs);
        if (waitMs === 0) continue;
        if (waitMs > 1) expect(counter.take([{ key: 'a', rate }], nowMs + waitMs - 1)).toBeGreaterThan(0);
        nowMs += waitMs + 0.001;
        expect(counter.take([{ key: 'a', rate }], nowMs)).toBe(0);
      }
    }),
  );
});

test('over any time no more pass than the burst and the rate allow', () => {
  fc.assert(
    fc.property(rates, fc.array(fc.nat(30), { minLength: 1, maxLength: 300 }), (rate, gaps) => {
      const counter = new RequestCounter(10);
      let nowMs = 0;
      let taken = 0;
      for (const gapMs of gaps) {
        nowMs += gapMs;
        if (counter.take([{ key: 'a', rate }], nowMs) === 0) taken += 1;
      }
      expect(taken).toBeLessThanOrEqual(rate.burst + ((nowMs + 0.01) * rate.perSecond) / 1000);
    }),
  );
});

test('a rate that changes holds from the next request on', () => {
  const counter = new RequestCounter(10);
  for (let count = 0; count < 10; count += 1) counter.take([{ key: 'a', rate: { perSecond: 1, burst: 10 } }], 0);
  expect(counter.take([{ key: 'a', rate: { perSecond: 1, burst: 10 } }], 0)).toBeGreaterThan(0);
  expect(counter.take([{ key: 'a', rate: { perSecond: 1, burst: 20 } }], 0)).toBe(0);
});

test('a request is counted against all of its rates, or against none', () => {
  const counter = new RequestCounter(10);
  const user = { key: 'user', rate: { perSecond: 1, burst: 3 } };
  const tenant = { key: 'tenant', rate: { perSecond: 1, burst: 1 } };
  expect(counter.take([user, tenant], 0)).toBe(0);
  for (let count = 0; count < 5; count += 1) expect(counter.take([user, tenant], 0)).toBe(1000);
  for (let count = 0; count < 2; count += 1) expect(counter.take([user], 0)).toBe(0);
  expect(counter.take([user], 0)).toBe(1000);
});
