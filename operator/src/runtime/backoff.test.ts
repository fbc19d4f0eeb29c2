import fc from 'fast-check';
import { expect, test } from '@jest/globals';
import { backoffMs, spread } from './backoff.ts';

const unit = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const backoffs = fc.record({ firstMs: fc.integer({ min: 0, max: 1_000 }), mostMs: fc.integer({ min: 0, max: 100_000 }), jitter: unit });

test('waits double up to the most, and chance only shortens them, by its part', () => {
  fc.assert(
    fc.property(backoffs, fc.integer({ min: 1, max: 5_000 }), unit, (backoff, failures, chance) => {
      const full = backoffMs({ ...backoff, jitter: 0 }, failures, () => chance);
      const waited = backoffMs(backoff, failures, () => chance);
      expect(full).toBe(Math.min(backoff.mostMs, backoff.firstMs * 2 ** Math.min(failures - 1, 50)));
      expect(waited).toBeLessThanOrEqual(full);
      expect(waited).toBeGreaterThanOrEqual(full * (1 - backoff.jitter));
    }),
  );
});

test('without a failure there is nothing to wait for', () => {
  expect(backoffMs({ firstMs: 10, mostMs: 100, jitter: 0 }, 0, () => 0)).toBe(0);
});

test('spread stays within its part on either side', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1e6 }), unit, unit, (ms, part, chance) => {
      const spreadMs = spread(ms, part, () => chance);
      expect(spreadMs).toBeGreaterThanOrEqual(ms * (1 - part) - 1e-6);
      expect(spreadMs).toBeLessThanOrEqual(ms * (1 + part) + 1e-6);
    }),
  );
});
