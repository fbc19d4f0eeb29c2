import fc from 'fast-check';
import { expect, test } from '@jest/globals';
import { LineSplitter } from './line-splitter.ts';

test('however a text is cut, its lines come whole and in order', () => {
  const lines = fc.array(fc.string({ unit: fc.constantFrom('a', 'é', '{', ' '), minLength: 1, maxLength: 8 }).map((text) => `<${text}>`));
  fc.assert(
    fc.property(lines, fc.array(fc.nat(40)), (expected, cuts) => {
      const text = expected.map((line) => `${line}\n`).join('');
      const splitter = new LineSplitter();
      const places = [...new Set([...cuts.filter((cut) => cut < text.length), 0, text.length])].sort((one, other) => one - other);
      const found = places.slice(1).flatMap((to, index) => splitter.push(text.slice(places[index], to)));
      expect(found).toEqual(expected);
      expect(splitter.isWithinLine).toBe(false);
    }),
  );
});

test('a line that has not ended shows', () => {
  const splitter = new LineSplitter();
  expect(splitter.push('{"a":\n\n  \n{')).toEqual(['{"a":']);
  expect(splitter.isWithinLine).toBe(true);
});

test('a line without end is given up', () => {
  const splitter = new LineSplitter();
  const piece = 'x'.repeat(2 ** 20);
  expect(() => {
    for (let count = 0; count < 40; count += 1) splitter.push(piece);
  }).toThrow('a line of more than');
});
