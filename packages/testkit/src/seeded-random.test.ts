import fc from 'fast-check';
import { describe, expect, test } from '@jest/globals';
import { seededRandom } from './index.ts';

describe('seeded random', () => {
  test('the same seed gives the same stream, another seed another', () => {
    const stream = (seed: number): number[] =>
      Array.from(
        { length: 20 },
        (
          (random) => () =>
            random.next()
        )(seededRandom(seed)),
      );
    expect(stream(7)).toEqual(stream(7));
    expect(stream(7)).not.toEqual(stream(8));
  });

  test('integers stay within their bounds, and reach both', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: -50, max: 50 }), fc.nat(5), (seed, min, span) => {
        const random = seededRandom(seed);
        const drawn = new Set(Array.from({ length: 300 }, () => random.integer(min, min + span)));
        expect([...drawn].sort((a, b) => a - b)).toEqual(Array.from({ length: span + 1 }, (_, n) => min + n));
      }),
      { numRuns: 50 },
    );
  });

  test('bytes are as many as asked for, and spread evenly', () => {
    const bytes = seededRandom(1).bytes(65_537);
    expect(bytes).toHaveLength(65_537);
    const counts = new Map<number, number>();
    for (const byte of bytes) counts.set(byte, (counts.get(byte) ?? 0) + 1);
    for (let byte = 0; byte < 256; byte += 1) expect(Math.abs((counts.get(byte) ?? 0) - 256)).toBeLessThan(100);
  });

  test('nothing cannot be picked from', () => {
    expect(() => seededRandom(1).pick([])).toThrow(RangeError);
    expect(['a', 'b']).toContain(seededRandom(1).pick(['a', 'b']));
  });
});
