import fc from 'fast-check';
import { expect, test } from '@jest/globals';
import { mergeConditions, transitions, type Condition, type WantedCondition } from './conditions.ts';

const ready = (status: WantedCondition['status'], reason = 'Because', observedGeneration = 1): WantedCondition => ({
  type: 'Ready',
  status,
  reason,
  message: `${status} ${reason}`,
  observedGeneration,
});
const noon = Date.parse('2026-01-01T12:00:00.789Z');
const at = (conditions: readonly WantedCondition[], previous?: readonly Condition[], epochMs = noon): Condition[] =>
  mergeConditions(previous, conditions, epochMs);

test('the time of the transition is that of the last change of status, in whole seconds', () => {
  const first = at([ready('False')]);
  expect(first[0]?.lastTransitionTime).toBe('2026-01-01T12:00:00Z');
  const reworded = at([ready('False', 'Other', 2)], first, noon + 60_000);
  expect(reworded[0]).toEqual({ ...ready('False', 'Other', 2), lastTransitionTime: '2026-01-01T12:00:00Z' });
  expect(at([ready('True')], reworded, noon + 120_000)[0]?.lastTransitionTime).toBe('2026-01-01T12:02:00Z');
});

test('writing what is there already changes nothing, whatever the time', () => {
  const status = fc.constantFrom('True' as const, 'False' as const, 'Unknown' as const);
  const wanted = fc.uniqueArray(
    fc.record({ type: fc.constantFrom('Ready', 'Stalled', 'Placed'), status, reason: fc.constantFrom('A', 'Bc'), message: fc.string() }),
    { selector: ({ type }) => type },
  );
  fc.assert(
    fc.property(wanted, fc.nat(), fc.nat(), (conditions, firstMs, laterMs) => {
      const written = mergeConditions(undefined, conditions, firstMs);
      expect(mergeConditions(written, conditions, firstMs + laterMs)).toEqual(written);
      expect(transitions(written, mergeConditions(written, conditions, firstMs + laterMs))).toEqual([]);
    }),
  );
});

test('what is not wanted any more goes', () => {
  const both = at([ready('False'), { type: 'Reconciling', status: 'True', reason: 'Working', message: '' }]);
  expect(at([ready('True')], both).map(({ type }) => type)).toEqual(['Ready']);
});

test('a transition is another status or another reason, not another wording', () => {
  const first = at([ready('False', 'A')]);
  expect(transitions(undefined, first)).toEqual(first);
  expect(transitions(first, at([{ ...ready('False', 'A'), message: 'in other words' }], first))).toEqual([]);
  expect(transitions(first, at([ready('False', 'B')], first))).toHaveLength(1);
  expect(transitions(first, at([ready('True', 'A')], first))).toHaveLength(1);
});

test('what the API would refuse is refused here', () => {
  expect(() => at([ready('True'), ready('False')])).toThrow('once');
  expect(() => at([ready('True', 'not CamelCase')])).toThrow('no reason');
  expect(at([{ ...ready('True'), message: 'x'.repeat(40_000) }])[0]?.message).toHaveLength(32_768);
});
