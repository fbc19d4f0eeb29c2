import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isAlone, kindsOf, lengthOf, planFaults, victimOf, type Ground } from './plan.ts';

const names = (word: string): fc.Arbitrary<string[]> =>
  fc.integer({ min: 0, max: 4 }).map((n) => Array.from({ length: n }, (_, i) => `${word}-${i}`));
const grounds: fc.Arbitrary<Ground> = fc.record({
  parts: names('part'),
  links: names('link'),
  clocks: names('clock'),
  fills: fc.boolean(),
});
const inputs = fc.record({ seed: fc.integer(), minutes: fc.double({ min: 0.1, max: 20, noNaN: true }), ground: grounds });

test('a seed decides its plan, and another seed has another', () => {
  const ground: Ground = { parts: ['a', 'b'], links: ['c'], clocks: ['a'], fills: true };
  expect(planFaults({ seed: 7, minutes: 5, ground })).toEqual(planFaults({ seed: 7, minutes: 5, ground }));
  expect(planFaults({ seed: 7, minutes: 5, ground })).not.toEqual(planFaults({ seed: 8, minutes: 5, ground }));
});

test('every fault is in order, ends within the minutes, and is one that the ground allows', () => {
  fc.assert(
    fc.property(inputs, ({ seed, minutes, ground }) => {
      let beforeMs = 0;
      for (const { atMs, fault } of planFaults({ seed, minutes, ground })) {
        expect(atMs).toBeGreaterThanOrEqual(beforeMs);
        expect(atMs + lengthOf(fault)).toBeLessThanOrEqual(minutes * 60_000);
        expect(kindsOf(ground)).toContain(fault.kind);
        if ('part' in fault) expect([...ground.parts, ...ground.clocks]).toContain(fault.part);
        if ('link' in fault) expect(ground.links).toContain(fault.link);
        beforeMs = atMs;
      }
    }),
  );
});

test('nobody suffers two faults at once, and what is to be alone is', () => {
  fc.assert(
    fc.property(inputs, (input) => {
      const plan = planFaults(input);
      for (const [index, { atMs, fault }] of plan.entries()) {
        const overMs = atMs + lengthOf(fault);
        const meanwhile = plan.slice(index + 1).filter((other) => other.atMs < overMs);
        if (isAlone(fault)) expect(meanwhile).toEqual([]);
        expect(meanwhile.filter((other) => victimOf(other.fault) === victimOf(fault) || isAlone(other.fault))).toEqual([]);
      }
    }),
  );
});

test('ten minutes show every kind of fault that the ground allows', () => {
  fc.assert(
    fc.property(fc.integer(), grounds, (seed, ground) => {
      const seen = new Set(planFaults({ seed, minutes: 10, ground }).map(({ fault }) => fault.kind));
      expect([...seen].sort()).toEqual(kindsOf(ground).sort());
    }),
  );
});
