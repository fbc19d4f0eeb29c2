import { expect, test } from '@jest/globals';
import { matchFails, noneMatchFails, parseEntityTags, rangeHolds } from './preconditions.ts';

test.each([
  [undefined, undefined],
  ['*', '*'],
  ['"a"', ['"a"']],
  ['W/"a", "b,c"', ['W/"a"', '"b,c"']],
  ['a', undefined],
  ['"a" b', undefined],
  ['', undefined],
])('tags of %s', (header, tags) => expect(parseEntityTags(header)).toEqual(tags));

test('If-None-Match fails on the current state, weakly compared', () => {
  expect(noneMatchFails('"a"', '"a"')).toBe(true);
  expect(noneMatchFails('W/"a", "b"', '"a"')).toBe(true);
  expect(noneMatchFails('"b"', '"a"')).toBe(false);
  expect(noneMatchFails('*', '"a"')).toBe(true);
  expect(noneMatchFails('*', undefined)).toBe(false);
  expect(noneMatchFails(undefined, '"a"')).toBe(false);
  expect(noneMatchFails('nonsense', '"a"')).toBe(false);
});

test('If-Match holds for the named state only, strongly compared; malformed guards', () => {
  expect(matchFails(undefined, undefined)).toBe(false);
  expect(matchFails('"a"', '"a"')).toBe(false);
  expect(matchFails('"b", "a"', '"a"')).toBe(false);
  expect(matchFails('"b"', '"a"')).toBe(true);
  expect(matchFails('W/"a"', 'W/"a"')).toBe(true);
  expect(matchFails('*', '"a"')).toBe(false);
  expect(matchFails('*', undefined)).toBe(true);
  expect(matchFails('nonsense', '"a"')).toBe(true);
});

test('If-Range honours strong tags and no dates', () => {
  expect(rangeHolds(undefined, '"a"')).toBe(true);
  expect(rangeHolds('"a"', '"a"')).toBe(true);
  expect(rangeHolds('"b"', '"a"')).toBe(false);
  expect(rangeHolds('W/"a"', 'W/"a"')).toBe(false);
  expect(rangeHolds('Wed, 21 Oct 2026 07:28:00 GMT', '"a"')).toBe(false);
});
