import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { ChunkRef, Digest } from './digest.ts';
import { applySplices, diffChunkLists } from './splice.ts';

const chunk = (n: number): ChunkRef => ({ digest: n.toString(16).padStart(64, '0') as Digest, sizeBytes: 1 + n });
const list = (...numbers: number[]) => numbers.map(chunk);
const range = (count: number) => Array.from({ length: count }, (_, n) => chunk(n));

describe('diffChunkLists and applySplices', () => {
  const few = fc.array(fc.nat(6).map(chunk), { maxLength: 30 });

  test('lead from any list to any other', () => {
    fc.assert(
      fc.property(few, few, (base, target) => {
        expect(applySplices(base, diffChunkLists(base, target))).toEqual({ ok: true, chunks: target });
      }),
      { numRuns: 1000 },
    );
  });

  test('equal lists need no splice', () => {
    fc.assert(fc.property(few, (base) => expect(diffChunkLists(base, base)).toEqual([])));
  });

  test('an edit costs one splice with what is new', () => {
    const base = range(1000);
    expect(diffChunkLists(base, base.with(500, chunk(5000)))).toEqual([{ at: 500, remove: 1, insert: [chunk(5000)] }]);
    expect(diffChunkLists(base, base.toSpliced(7, 0, chunk(5000)))).toEqual([{ at: 7, remove: 0, insert: [chunk(5000)] }]);
    expect(diffChunkLists(base, base.toSpliced(7, 2))).toEqual([{ at: 7, remove: 2, insert: [] }]);
    expect(diffChunkLists(base, [...base, chunk(5000)])).toEqual([{ at: 1000, remove: 0, insert: [chunk(5000)] }]);
  });

  test('two edits far apart cost two splices', () => {
    const base = range(1000);
    expect(diffChunkLists(base, base.with(10, chunk(5000)).with(900, chunk(6000)))).toHaveLength(2);
  });

  test('a chunk moved from the end to the front costs that chunk, not the list', () => {
    const base = range(100);
    const splices = diffChunkLists(base, [base.at(-1)!, ...base.slice(0, -1)]);
    expect(splices.flatMap(({ insert }) => insert)).toEqual([chunk(99)]);
  });
});

describe('applySplices refuses', () => {
  const base = list(1, 2, 3);
  test.each([
    [
      'overlapping splices',
      [
        { at: 0, remove: 2, insert: [] },
        { at: 1, remove: 1, insert: [] },
      ],
    ],
    [
      'splices out of order',
      [
        { at: 2, remove: 0, insert: [] },
        { at: 0, remove: 0, insert: [] },
      ],
    ],
    ['what reaches beyond the base', [{ at: 2, remove: 2, insert: [] }]],
    ['a negative place', [{ at: -1, remove: 0, insert: [] }]],
    ['a negative count', [{ at: 1, remove: -1, insert: [] }]],
    ['fractions', [{ at: 0.5, remove: 0, insert: [] }]],
    ['what is no number', [{ at: Number.NaN, remove: 0, insert: [] }]],
  ])('%s', (_what, splices) => {
    expect(applySplices(base, splices).ok).toBe(false);
  });
});
