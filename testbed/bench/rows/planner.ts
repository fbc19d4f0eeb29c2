import assert from 'node:assert/strict';
import { reconcile } from '@driftbox/sync-core';
import { summary } from '../interleave.ts';
import { planningCase } from '../planner-cases.ts';
import type { Row } from '../row.ts';

const cases = 4000;
const rounds = 7;

/** Row 22, its planner half: each case is a device with 40 entries that comes back with about six changes on both sides. */
export const planner: Row = {
  row: 22,
  name: 'planner cases, one core',
  unit: '1/s',
  judged: 'value',
  better: 'higher',
  must: 2_000,
  aim: 20_000,
  measure: () => {
    const inputs = Array.from({ length: cases }, (_, seed) => planningCase(seed));
    let planned = 0;
    for (const input of inputs) {
      const plan = reconcile(input);
      assert.deepEqual(reconcile({ ...input, changed: [...input.changed].toReversed() }), plan, 'a plan does not depend on an order');
      planned += plan.remote.length + plan.local.length;
    }
    assert.ok(planned > cases, 'there is something to do');
    // A core is what it used of the processor, not what others left of it.
    const rates = Array.from({ length: rounds }, () => {
      const before = process.cpuUsage();
      for (const input of inputs) reconcile(input);
      const { user, system } = process.cpuUsage(before);
      return cases / ((user + system) / 1e6);
    });
    const { median, min, max } = summary(rates);
    return Promise.resolve({ value: median, min, max, note: `${(planned / cases).toFixed(1)} steps planned in each` });
  },
};
