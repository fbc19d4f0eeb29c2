import { manualClock } from '@driftbox/testkit';
import { expect, test } from '@jest/globals';
import { defaultLeaseTiming } from './judge-lease.ts';
import { NotLeading, Tenure } from './tenure.ts';

function tenureAt(): { tenure: Tenure; clock: ReturnType<typeof manualClock>; wall: { ms: number } } {
  const clock = manualClock(0);
  const wall = { ms: 0 };
  return { tenure: new Tenure(defaultLeaseTiming, clock, () => wall.ms), clock, wall };
}

test('a change may take until others may lead, and none may begin once a renewal is overdue', () => {
  const { tenure, clock } = tenureAt();
  expect(() => tenure.leftMs()).toThrow(NotLeading);
  tenure.renew(tenure.now());
  clock.advance(9_000);
  expect(tenure.leftMs()).toBe(6_000);
  clock.advance(1_000);
  expect(() => tenure.leftMs()).toThrow(NotLeading);
});

test('it counts from when the renewal was sent, not from its answer', () => {
  const { tenure, clock } = tenureAt();
  const sent = tenure.now();
  clock.advance(4_000);
  tenure.renew(sent);
  expect(tenure.leftMs()).toBe(11_000);
});

test('a machine that slept has lost the time, though its monotonic clock stood still', () => {
  const { tenure, wall } = tenureAt();
  tenure.renew(tenure.now());
  wall.ms += 60_000;
  expect(() => tenure.leftMs()).toThrow(NotLeading);
});

test('a clock that is set back gives no time', () => {
  const { tenure, clock, wall } = tenureAt();
  tenure.renew(tenure.now());
  wall.ms -= 3_600_000;
  clock.advance(10_000);
  expect(() => tenure.leftMs()).toThrow(NotLeading);
});
