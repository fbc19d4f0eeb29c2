import fc from 'fast-check';
import { expect, test } from '@jest/globals';
import { TokenBucket } from './token-bucket.ts';

test('no window of time sees more than the burst and what grew in it', () => {
  const gaps = fc.array(fc.integer({ min: 0, max: 500 }), { minLength: 1, maxLength: 60 });
  fc.assert(
    fc.property(gaps, fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 20 }), (waits, perSecond, burst) => {
      let nowMs = 0;
      const bucket = new TokenBucket({ perSecond, burst }, nowMs);
      const sentMs = waits.map((gapMs) => {
        nowMs += gapMs;
        return nowMs + (bucket.take(nowMs) ?? Number.NaN);
      });
      const tooMany = sentMs.flatMap((from, first) =>
        sentMs.slice(first).filter((to, more) => more + 1 > burst + ((to - from) / 1000) * perSecond + 1e-6),
      );
      expect(tooMany).toEqual([]);
      expect(sentMs).toEqual(sentMs.toSorted((one, other) => one - other));
    }),
  );
});

test('a burst passes at once, the next waits for its token', () => {
  const bucket = new TokenBucket({ perSecond: 20, burst: 40 }, 0);
  expect(Array.from({ length: 40 }, () => bucket.take(0))).toEqual(Array.from({ length: 40 }, () => 0));
  expect([bucket.take(0), bucket.take(0)]).toEqual([50, 100]);
});

test('who will not wait so long is refused, and takes nothing from those who will', () => {
  const bucket = new TokenBucket({ perSecond: 1, burst: 1 }, 0);
  bucket.take(0);
  expect(bucket.take(0, 999)).toBeUndefined();
  expect(bucket.take(0, 1_000)).toBe(1_000);
});
