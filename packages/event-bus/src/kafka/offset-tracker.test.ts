import fc from 'fast-check';
import { expect, test } from '@jest/globals';
import { OffsetTracker } from './offset-tracker.ts';

test('in whatever order events end, nothing open is ever committed, and in the end all is', () => {
  fc.assert(
    fc.property(
      fc
        .uniqueArray(fc.nat(1_000), { minLength: 1, maxLength: 30 })
        .chain((offsets) =>
          fc.tuple(fc.constant([...offsets].sort((a, b) => a - b)), fc.shuffledSubarray(offsets, { minLength: offsets.length })),
        ),
      ([offsets, ends]) => {
        const tracker = new OffsetTracker();
        for (const offset of offsets) tracker.begin(offset);
        expect(tracker.take()).toBeUndefined();
        const open = new Set(offsets);
        let committed = offsets[0] ?? 0;
        for (const offset of ends) {
          tracker.end(offset);
          open.delete(offset);
          const taken = tracker.take();
          if (taken === undefined) continue;
          expect(taken).toBeGreaterThan(committed);
          committed = taken;
          expect([...open].every((one) => one >= committed)).toBe(true);
        }
        expect(committed).toBe((offsets.at(-1) ?? 0) + 1);
      },
    ),
  );
});

test('nothing begun is nothing to commit, and what ends must have begun', () => {
  const tracker = new OffsetTracker();
  expect(tracker.take()).toBeUndefined();
  expect(() => tracker.end(3)).toThrow('was open');
});
