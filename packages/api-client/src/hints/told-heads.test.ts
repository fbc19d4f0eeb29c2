import { randomUUID } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { parseDriveId } from '@driftbox/domain';
import { headsDigest, type Head } from '@driftbox/protocol';
import fc from 'fast-check';
import { ToldHeads } from './told-heads.ts';

const ids = Array.from({ length: 5 }, () => parseDriveId(randomUUID())!);
const epochs = [randomUUID(), randomUUID()];
const headOf = (drive: number, seq: number, epoch = 0): Head => ({ drive: ids[drive]!, driveEpoch: epochs[epoch]!, seq });

test('a hint is news once, and only forward within an epoch', () => {
  const told = new ToldHeads();
  const hints = [headOf(0, 3), headOf(0, 3), headOf(0, 2), headOf(0, 4), headOf(1, 1), headOf(0, 1, 1)];
  expect(hints.map((hint) => told.take(hint))).toEqual([true, false, false, true, true, true]);
});

test('a list tells what is news in it, and whether the drives are others than in the list before', () => {
  const told = new ToldHeads();
  told.take(headOf(0, 3));
  expect(told.takeAll([headOf(0, 3), headOf(1, 1)])).toEqual({ news: [headOf(1, 1)], isOtherSet: false });
  expect(told.takeAll([headOf(0, 3), headOf(1, 2)])).toEqual({ news: [headOf(1, 2)], isOtherSet: false });
  expect(told.takeAll([headOf(1, 2)])).toEqual({ news: [], isOtherSet: true });
  told.expectOtherSet();
  expect(told.takeAll([headOf(2, 0)])).toEqual({ news: [headOf(2, 0)], isOtherSet: false });
});

test('after a list both ends name it alike, wherever the client was, so that it need not be sent again', () => {
  const heads = fc.array(fc.tuple(fc.nat(4), fc.nat(9), fc.nat(1)), { maxLength: 12 });
  fc.assert(
    fc.property(heads, heads, (hinted, listed) => {
      const told = new ToldHeads();
      for (const [drive, seq, epoch] of hinted) told.take(headOf(drive, seq, epoch));
      const list = [...new Map(listed.map(([drive, seq, epoch]) => [drive, headOf(drive, seq, epoch)])).values()];
      told.takeAll(list);
      expect(told.digest()).toBe(headsDigest(list.toReversed()));
      expect(told.takeAll(list)).toEqual({ news: [], isOtherSet: false });
    }),
  );
});
