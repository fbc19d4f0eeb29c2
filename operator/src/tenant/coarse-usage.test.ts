import fc from 'fast-check';
import { expect, test } from '@jest/globals';
import { coarseUsage, nextUsage, shownContent } from './coarse-usage.ts';

const usage = (storageBytes: number, files = 0, users = 0) => ({ storageBytes, files, users });

test.each([
  [0, '0'],
  [1_023, '1023'],
  [1_024, '1.00Ki'],
  [1_500_000, '1.43Mi'],
  [12.34 * 2 ** 30, '12.3Gi'],
  [200 * 2 ** 20, '200Mi'],
  [2 ** 40, '1.00Ti'],
])('%d bytes are shown as %s', (bytes, shown) => {
  expect(coarseUsage(usage(bytes)).storage).toBe(shown);
});

test('what is shown stays for five minutes, and while it moves by less than a percent', () => {
  const shown = coarseUsage(usage(10 * 2 ** 20, 1_000));
  const grown = usage(20 * 2 ** 20, 1_000);
  expect(nextUsage(shown, grown, 60_000)).toBe(shown);
  expect(nextUsage(shown, grown, 300_000).storage).toBe('20.0Mi');
  expect(nextUsage(shown, usage(10 * 2 ** 20, 1_009), 300_000)).toBe(shown);
  expect(nextUsage(shown, usage(10 * 2 ** 20, 1_010), 300_000).files).toBe(1_010);
});

test('bytes are shown anew once they moved by a percent from all that was shown, and never for less', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 2 ** 50 }), fc.double({ min: -0.05, max: 0.05, noNaN: true }), (bytes, part) => {
      const shown = coarseUsage(usage(bytes));
      const now = Math.round(bytes * (1 + part));
      const next = nextUsage(shown, usage(now), 300_000);
      if (Math.abs(now - bytes) < bytes / 101) expect(next).toBe(shown);
      // What is shown was rounded by half a percent at most, and is taken for the nearer end of that.
      if (Math.abs(now - bytes) > bytes / 45 + 1) expect(next).toEqual(coarseUsage(usage(now)));
    }),
  );
});

test('somebody who came is shown at once', () => {
  expect(nextUsage(coarseUsage(usage(0)), usage(0, 0, 1), 0).users).toBe(1);
});

test('how whole the content is, is shown by the day', () => {
  expect(shownContent({ verifiedSince: '2026-02-27T23:59:59.999Z', damagedChunks: 4 })).toEqual({
    verifiedSince: '2026-02-27',
    damagedChunks: 4,
  });
  expect(shownContent({ damagedChunks: 0 })).toEqual({ damagedChunks: 0 });
});
