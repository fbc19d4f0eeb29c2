import { expect, test } from '@jest/globals';
import { defaultLeaseTiming, mayTake, nextRecord, releasedRecord, sight } from './judge-lease.ts';

const record = nextRecord(undefined, 'one', defaultLeaseTiming, 0);

test('a record is fresh as long as it changes, whatever its own times say', () => {
  const seen = sight(undefined, { ...record, renewTime: '1999-01-01T00:00:00.000000Z' }, 1_000);
  expect(mayTake(seen, 'two', 15_999)).toBe(false);
  expect(mayTake(seen, 'two', 16_000)).toBe(true);
  const again = sight(seen, { ...record, renewTime: '1999-01-01T00:00:02.000000Z' }, 15_000);
  expect(mayTake(again, 'two', 29_999)).toBe(false);
  expect(sight(again, { ...again.spec }, 20_000)).toBe(again);
});

test('a record whose renewal lies in the future by a wrong clock is not believed for longer', () => {
  const seen = sight(undefined, { ...record, renewTime: '2099-01-01T00:00:00.000000Z' }, 0);
  expect(mayTake(seen, 'two', 15_000)).toBe(true);
});

test("what is nobody's or one's own may be taken at once", () => {
  expect(mayTake({ spec: record, changedMs: 0 }, 'one', 0)).toBe(true);
  expect(mayTake({ spec: releasedRecord(record, 5), changedMs: 0 }, 'two', 0)).toBe(true);
  expect(mayTake({ spec: {}, changedMs: 0 }, 'two', 0)).toBe(true);
});

test('a renewal keeps since when, a change of the lead is counted', () => {
  const renewed = nextRecord(record, 'one', defaultLeaseTiming, 2_000);
  expect(renewed).toEqual({ ...record, renewTime: '1970-01-01T00:00:02.000000Z' });
  expect(nextRecord(renewed, 'two', defaultLeaseTiming, 3_000)).toMatchObject({
    holderIdentity: 'two',
    acquireTime: '1970-01-01T00:00:03.000000Z',
    leaseTransitions: 1,
    leaseDurationSeconds: 15,
  });
});
