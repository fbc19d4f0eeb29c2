import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { dueAt } from './due-at.ts';

const berlin = { digest: 'off', quiet: null, timeZone: 'Europe/Berlin' } as const;
const night = { from: '22:00', to: '07:30' };
const at = (iso: string): number => Date.parse(iso);
const due = (over: object, iso: string): string => new Date(dueAt({ ...berlin, ...over }, at(iso))).toISOString();

test.each([
  ['at once, gathered for a minute', {}, '2026-01-10T12:00:00.000Z', '2026-01-10T12:01:00.000Z'],
  ['at the full hour', { digest: 'hourly' }, '2026-01-10T12:10:00.000Z', '2026-01-10T13:00:00.000Z'],
  ['in the morning, by their clock', { digest: 'daily' }, '2026-01-10T12:10:00.000Z', '2026-01-11T07:00:00.000Z'],
  ['this morning', { digest: 'daily' }, '2026-01-10T05:10:00.000Z', '2026-01-10T07:00:00.000Z'],
  ['tomorrow, at eight itself', { digest: 'daily' }, '2026-01-10T07:00:00.000Z', '2026-01-11T07:00:00.000Z'],
  ['after the night', { quiet: night }, '2026-01-10T22:10:00.000Z', '2026-01-11T06:30:00.000Z'],
  ['after the rest of the night', { quiet: night }, '2026-01-10T02:10:00.000Z', '2026-01-10T06:30:00.000Z'],
  ['at once by day', { quiet: night }, '2026-01-10T10:00:00.000Z', '2026-01-10T10:01:00.000Z'],
  ['after quiet hours within a day', { quiet: { from: '09:00', to: '17:00' } }, '2026-01-10T10:00:00.000Z', '2026-01-10T16:00:00.000Z'],
  ['over the change to summer time', { quiet: night }, '2026-03-28T22:30:00.000Z', '2026-03-29T05:30:00.000Z'],
  ['over the change to winter time', { digest: 'daily' }, '2026-10-24T12:00:00.000Z', '2026-10-25T07:00:00.000Z'],
])('%s', (_, over, now, then) => {
  expect(due(over, now)).toBe(then);
});

test('whatever is wanted, a mail goes later than now, within two days, and never in quiet hours', () => {
  const clock = fc.tuple(fc.nat(23), fc.nat(59)).map(([h, m]) => `${String(h).padStart(2, '0')}:${String(m).padStart(2, '0')}`);
  const wanted = fc.record({
    digest: fc.constantFrom('off', 'hourly', 'daily'),
    quiet: fc.option(fc.record({ from: clock, to: clock })),
    timeZone: fc.constantFrom('UTC', 'Asia/Kathmandu', 'Pacific/Auckland', 'America/St_Johns'),
  });
  fc.assert(
    fc.property(wanted, fc.integer({ min: at('2026-01-01T00:00:00Z'), max: at('2027-01-01T00:00:00Z') }), (email, nowMs) => {
      const then = dueAt(email, nowMs);
      expect(then).toBeGreaterThan(nowMs);
      expect(then - nowMs).toBeLessThanOrEqual(2 * 86_400_000);
      if (email.quiet === null) return;
      const local = new Intl.DateTimeFormat('en-GB', { timeZone: email.timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
      const { from, to } = email.quiet;
      const shown = local.format(then);
      expect(from <= to ? shown >= from && shown < to : shown >= from || shown < to).toBe(false);
    }),
  );
});
