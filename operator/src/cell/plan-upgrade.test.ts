import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { nextStartMs } from './maintenance-window.ts';
import { planUpgrade, type CellInLine } from './plan-upgrade.ts';

const monday = Date.parse('2026-11-30T12:00:00Z');
const cell = (name: string, more: Partial<CellInLine> = {}): CellInLine => ({
  name,
  tenants: 1,
  runs: '0.1.0',
  wants: '0.2.0',
  hasBegun: false,
  hasFailed: false,
  isHeld: false,
  maintenance: undefined,
  ...more,
});
const waits = (reason: string, what: string) => ({
  kind: 'waits',
  reason,
  message: `0.1.0 runs; the upgrade to 0.2.0 waits for ${what}`,
});

test('a first version, the one that runs and an older one are no upgrades, and hold nobody up', () => {
  const others = [{ runs: undefined }, { runs: '0.2.0' }, { runs: '0.3.0' }].map((more) =>
    cell('a', { ...more, hasBegun: true, hasFailed: true }),
  );
  for (const other of others) expect(planUpgrade(other, [], monday)).toEqual({ kind: 'none' });
  expect(planUpgrade(cell('b'), others, monday)).toEqual({ kind: 'begins' });
});

test('it waits for its window, and says when that opens; what has begun is finished outside of it', () => {
  const maintenance = { days: ['Sat' as const], start: '02:30', hours: 4 };
  const saturday = Date.parse('2026-12-05T02:30:00Z');
  const windowed = cell('a', { maintenance });
  expect(planUpgrade(windowed, [], monday)).toEqual(waits('AwaitingWindow', 'the maintenance window, which opens 2026-12-05T02:30Z'));
  expect(planUpgrade(windowed, [], saturday)).toEqual({ kind: 'begins' });
  expect(planUpgrade({ ...windowed, hasBegun: true }, [], monday)).toEqual({ kind: 'underWay' });
});

test('one after another: fewest tenants first, then by name; those that wait for a window or for somebody are passed over', () => {
  const large = cell('a', { tenants: 9 });
  expect(planUpgrade(large, [cell('b')], monday)).toEqual(waits('AwaitingTurn', 'Cell b, whose turn is before'));
  expect(planUpgrade(cell('b'), [large, cell('c')], monday)).toEqual({ kind: 'begins' });
  const closed = cell('b', { maintenance: { days: ['Tue'], start: '00:00', hours: 1 } });
  expect(planUpgrade(large, [closed, cell('c', { isHeld: true })], monday)).toEqual({ kind: 'begins' });
  const underWay = cell('z', { tenants: 99, hasBegun: true });
  expect(planUpgrade(cell('b'), [underWay], monday)).toEqual(waits('AwaitingTurn', 'Cell z, whose upgrade to 0.2.0 is under way'));
});

test('a failed upgrade holds back those that have not begun, until it is mended or its version set back', () => {
  const failed = cell('z', { hasBegun: true, hasFailed: true });
  const held = waits('HeldBack', 'Cell z, whose upgrade to 0.2.0 failed: mend it, or set its version back to 0.1.0');
  expect(planUpgrade(cell('b'), [failed], monday)).toEqual(held);
  for (const mended of [
    { ...failed, runs: '0.2.0' },
    { ...failed, wants: '0.1.0' },
  ])
    expect(planUpgrade(cell('b'), [mended], monday)).toEqual({ kind: 'begins' });
});

test('whatever is asked in whatever order, upgrades begin in windows alone, never two at once, and all come to their end', () => {
  const maintenance = fc
    .option(fc.constantFrom('Mon' as const, 'Thu' as const), { nil: undefined })
    .map((day) => (day === undefined ? undefined : { days: [day], start: '03:00', hours: 5 }));
  const cells = fc
    .array(fc.record({ tenants: fc.nat(3), maintenance }), { minLength: 1, maxLength: 6 })
    .map((all) => all.map((one, index) => cell(`c${index}`, one)));
  const acts = fc.array(fc.record({ who: fc.nat(5), hours: fc.nat(30), isDone: fc.boolean() }), { maxLength: 60 });
  fc.assert(
    fc.property(cells, acts, (first, chosen) => {
      let all: readonly CellInLine[] = first;
      let now = monday;
      const act = (who: number, isDone: boolean): void => {
        const asking = all[who % all.length]!;
        const others = all.filter((one) => one !== asking);
        const { kind } = planUpgrade(asking, others, now);
        if (kind === 'begins') {
          expect(others.filter(({ hasBegun, runs, wants }) => hasBegun && runs !== wants)).toEqual([]);
          expect(nextStartMs(asking.maintenance, now)).toBe(now);
        }
        const became =
          kind === 'underWay' && isDone ? { runs: asking.wants, hasBegun: false } : kind === 'begins' ? { hasBegun: true } : {};
        all = all.map((one) => (one === asking ? { ...one, ...became } : one));
      };
      for (const { who, hours, isDone } of chosen) {
        now += hours * 3_600_000;
        act(who, isDone);
      }
      // Everybody is asked each hour of two weeks: time enough for a window of each after any other.
      for (let hour = 0; hour < 14 * 24; hour += 1) {
        now += 3_600_000;
        for (let who = 0; who < all.length * 2; who += 1) act(who, true);
      }
      expect(all.filter(({ runs, wants }) => runs !== wants)).toEqual([]);
    }),
  );
});
