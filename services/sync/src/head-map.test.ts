import { randomUUID } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { parseDriveId, parseTenantId } from '@driftbox/domain';
import type { Head } from '@driftbox/protocol';
import { manualClock, newId } from '@driftbox/testkit';
import fc from 'fast-check';
import { HeadMap } from './head-map.ts';

const tenant = newId(parseTenantId);
const drive = newId(parseDriveId);
const epochs = [randomUUID(), randomUUID(), randomUUID()] as const;
const at = (seq: number, epoch = 0): Head => ({ drive, driveEpoch: epochs[epoch]!, seq });

describe('a head that is held', () => {
  test('moves forward only, and says when it does', () => {
    const heads = new HeadMap();
    heads.hold(tenant, at(5));
    expect([at(5), at(4), at(6), at(6), at(9)].map((head) => heads.accept(tenant, head))).toEqual([false, false, true, false, true]);
    expect(heads.get(tenant, drive)).toEqual(at(9));
  });

  test('takes a new epoch at whatever seq, and never goes back to an old one', () => {
    const heads = new HeadMap();
    heads.hold(tenant, at(50));
    expect(heads.accept(tenant, at(3, 1))).toBe(true);
    expect(heads.accept(tenant, at(51, 0))).toBe(false);
    expect(heads.get(tenant, drive)).toEqual(at(3, 1));
  });

  test('is gone when it has been released as often as it was held, and what was known is remembered a while', () => {
    const clock = manualClock();
    const heads = new HeadMap(clock.now);
    heads.hold(tenant, at(1));
    heads.hold(tenant, at(2));
    heads.release(tenant, drive);
    expect(heads.accept(tenant, at(7))).toBe(true);
    heads.release(tenant, drive);
    expect([heads.get(tenant, drive), heads.size]).toEqual([undefined, 0]);
    heads.hold(tenant, at(2));
    expect(heads.get(tenant, drive)).toEqual(at(7));
    heads.release(tenant, drive);
    clock.advance(11 * 60_000);
    heads.hold(tenant, at(2));
    expect(heads.get(tenant, drive)).toEqual(at(2));
  });

  test('has not missed what came while its list was on its way', () => {
    const heads = new HeadMap();
    expect(heads.accept(tenant, at(8))).toBe(false);
    expect(heads.accept(tenant, at(7))).toBe(false);
    heads.hold(tenant, at(6));
    expect(heads.get(tenant, drive)).toEqual(at(8));
  });

  test("is one tenant's alone", () => {
    const heads = new HeadMap();
    heads.hold(tenant, at(1));
    expect(heads.accept(newId(parseTenantId), at(2))).toBe(false);
    expect(heads.get(tenant, drive)).toEqual(at(1));
  });
});

test('in whatever order and however often heads of one epoch come, the furthest one counts, and each step is told once', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(50), { minLength: 1 }), (seqs) => {
      const heads = new HeadMap();
      heads.hold(tenant, at(0));
      const told = seqs.filter((seq) => heads.accept(tenant, at(seq)));
      expect(heads.get(tenant, drive)).toEqual(at(Math.max(0, ...seqs)));
      expect(told).toEqual([...new Set(told)].sort((a, b) => a - b));
    }),
  );
});
