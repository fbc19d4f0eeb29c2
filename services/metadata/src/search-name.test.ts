import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { searchName } from './search-name.ts';

test.each([
  ['Été.TXT', 'ete.txt'],
  ['E\u0301te\u0301', 'ete'],
  ['ﬁle', 'file'],
  ['Straße', 'straße'],
  ['', ''],
])('%s is searched as %s', (name, expected) => {
  expect(searchName(name)).toBe(expected);
});

test('searching for the searched form finds the same', () => {
  fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (name) => expect(searchName(searchName(name))).toBe(searchName(name))));
});
