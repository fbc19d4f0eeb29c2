import { expect, test } from '@jest/globals';
import { seededRandom } from '@driftbox/testkit';
import fc from 'fast-check';
import { fileSize, sizeClasses } from '../k6/file-size.ts';

const fraction = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

test('77 % of files are below 100 kB, and a tail is far above', () => {
  expect(sizeClasses.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 9);
  const random = seededRandom(7);
  const uniform = (): number => random.integer(0, 999_999) / 1_000_000;
  const sizes = Array.from({ length: 20_000 }, () => fileSize(uniform(), uniform(), 1e9));
  expect(sizes.filter((size) => size < 100_000).length / sizes.length).toBeCloseTo(0.77, 1);
  expect(sizes.filter((size) => size > 2_000_000).length).toBeGreaterThan(100);
  expect(Math.max(...sizes)).toBeGreaterThan(500_000_000);
});

test('every file has a byte, and at most as many as the largest', () => {
  fc.assert(
    fc.property(fraction, fraction, fc.constantFrom(8e6, 128e6, 1e9), (which, where, largest) => {
      const size = fileSize(which, where, largest);
      return Number.isInteger(size) && size >= 1 && size <= largest;
    }),
  );
});
