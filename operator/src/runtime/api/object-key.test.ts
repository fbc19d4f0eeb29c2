import fc from 'fast-check';
import { expect, test } from '@jest/globals';
import { keyOf, placeOf } from './object-key.ts';

test('a key says where its object is', () => {
  const name = fc.stringMatching(/^[a-z0-9.-]{1,20}$/);
  fc.assert(
    fc.property(name, fc.option(name, { nil: undefined }), (own, namespace) => {
      const place = namespace === undefined ? { name: own } : { namespace, name: own };
      expect(placeOf(keyOf(place))).toEqual(place);
    }),
  );
});

test.each([{ name: '' }, { name: 'a/b' }, { namespace: '', name: 'a' }, { namespace: 'a/b', name: 'c' }])('%j is no place', (place) => {
  expect(() => keyOf(place)).toThrow('no object is called');
});
