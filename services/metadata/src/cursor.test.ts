import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { decodeCursor, encodeCursor, keysOf, pageFrom } from './cursor.ts';

const keys = fc.array(fc.oneof(fc.string(), fc.integer()), { maxLength: 5 });

test('a cursor gives its keys back', () => {
  fc.assert(
    fc.property(keys, (some) => {
      const types = some.map((key) => (typeof key === 'string' ? 'string' : 'number'));
      expect(decodeCursor(encodeCursor(some), types)).toEqual(some);
    }),
  );
});

test('whatever is no cursor of these keys is an invalid argument', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(() => decodeCursor(text, ['string', 'number', 'string'])).toThrow(expect.objectContaining({ code: 'invalid_argument' }));
    }),
  );
  expect(() => decodeCursor(encodeCursor([1]), ['string'])).toThrow(expect.objectContaining({ code: 'invalid_argument' }));
  expect(keysOf(undefined, ['string'])).toBeUndefined();
});

test('a page has a next cursor only where a row was left over', () => {
  const page = (rows: number[]) =>
    pageFrom(
      rows,
      2,
      (row) => row * 10,
      (row) => [row],
    );
  expect(page([1, 2])).toEqual({ items: [10, 20] });
  expect(page([1, 2, 3])).toEqual({ items: [10, 20], nextCursor: encodeCursor([2]) });
  expect(page([])).toEqual({ items: [] });
});
