import fc from 'fast-check';
import { expect, test } from '@jest/globals';
import { sliceParts } from './slice-parts.ts';

test('parts hold all bytes in order, each as large as asked for but the last', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 20 })), fc.integer({ min: 1, max: 30 }), (pieces, partBytes) => {
      const parts = [...sliceParts(pieces, partBytes)].map((part) => Buffer.concat(part));
      expect(Buffer.concat(parts)).toEqual(Buffer.concat(pieces));
      expect(parts.slice(0, -1).every((part) => part.length === partBytes)).toBe(true);
      expect(parts.every((part) => part.length > 0 && part.length <= partBytes)).toBe(true);
    }),
  );
});
