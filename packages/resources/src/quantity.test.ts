import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isAtMost, parseQuantity } from './quantity.ts';

test.each([
  ['1', 1n],
  ['1k', 1_000n],
  ['1Ki', 1_024n],
  ['500Gi', 536_870_912_000n],
  ['2T', 2_000_000_000_000n],
  ['4Pi', 2n ** 52n],
])('%s', (text, bytes) => {
  expect(parseQuantity(text)).toBe(bytes);
});

test.each(['', '0', '-1', '1.5Gi', '1K', '1gi', '1 Gi', 'Gi', '1e3', '1Ei'])('%j is no size', (text) => {
  expect(parseQuantity(text)).toBeUndefined();
});

const size = fc
  .tuple(fc.integer({ min: 1, max: 10 ** 9 }), fc.constantFrom('', 'k', 'M', 'G', 'T', 'P', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi'))
  .map((parts) => parts.join(''));

test('sizes are ordered as their bytes are; what is no size is at most anything', () => {
  fc.assert(
    fc.property(size, size, (one, other) => {
      expect(isAtMost(one, other)).toBe((parseQuantity(one) ?? 0n) <= (parseQuantity(other) ?? 0n));
      expect(isAtMost(one, other) || isAtMost(other, one)).toBe(true);
      expect(isAtMost('much', one) && isAtMost(one, 'much')).toBe(true);
    }),
  );
});
