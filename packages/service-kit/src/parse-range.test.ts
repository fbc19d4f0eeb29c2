import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { contentRange, parseRange } from './parse-range.ts';

test.each([
  [undefined, { kind: 'whole' }],
  ['bytes=0-4', { kind: 'part', start: 0, end: 4 }],
  ['bytes=5-', { kind: 'part', start: 5, end: 9 }],
  ['bytes=-3', { kind: 'part', start: 7, end: 9 }],
  ['bytes=-99', { kind: 'part', start: 0, end: 9 }],
  ['bytes=8-99', { kind: 'part', start: 8, end: 9 }],
  ['bytes=10-', { kind: 'unsatisfiable' }],
  ['bytes=-0', { kind: 'unsatisfiable' }],
  ['bytes=4-2', { kind: 'whole' }],
  ['bytes=0-1,3-4', { kind: 'whole' }],
  ['items=0-1', { kind: 'whole' }],
  ['bytes=-', { kind: 'whole' }],
  ['bytes=a-b', { kind: 'whole' }],
])('%s of ten bytes', (header, outcome) => expect(parseRange(header, 10)).toEqual(outcome));

test('an empty representation satisfies no range', () => {
  expect(parseRange('bytes=0-', 0)).toEqual({ kind: 'unsatisfiable' });
  expect(parseRange('bytes=-1', 0)).toEqual({ kind: 'unsatisfiable' });
});

test('a part always lies within the representation', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.tuple(fc.nat(), fc.nat()).map(([a, b]) => `bytes=${a}-${b}`),
        fc.nat().map((n) => `bytes=-${n}`),
      ),
      fc.nat(),
      (header, sizeBytes) => {
        const outcome = parseRange(header, sizeBytes);
        if (outcome.kind === 'part') expect(0 <= outcome.start && outcome.start <= outcome.end && outcome.end < sizeBytes).toBe(true);
      },
    ),
  );
});

test('Content-Range names the part, or only the size', () => {
  expect(contentRange(parseRange('bytes=2-3', 10), 10)).toBe('bytes 2-3/10');
  expect(contentRange({ kind: 'unsatisfiable' }, 10)).toBe('bytes */10');
});
