import { randomUUID } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { parseDriveId, type DriveId } from '@driftbox/domain';
import type { Head } from '@driftbox/protocol';
import { newId } from '@driftbox/testkit';
import fc from 'fast-check';
import { HintOutbox } from './hint-outbox.ts';

const driveEpoch = randomUUID();
const drives = Array.from({ length: 4 }, () => newId(parseDriveId));

/** A client that takes nothing until it is told to. */
function slowClient() {
  const seen: (Head | readonly DriveId[] | number)[] = [];
  let isFree = true;
  let callback: (() => void) | undefined;
  const outbox = new HintOutbox({
    isFree: () => isFree,
    whenFree: (next) => {
      expect(callback).toBeUndefined();
      callback = next;
    },
    sendHint: (head) => void (seen.push(head), (isFree = false)),
    sendDrives: (changed) => void (seen.push(changed), (isFree = false)),
    sendNotice: ({ unread }) => void (seen.push(unread), (isFree = false)),
  });
  return {
    outbox,
    seen,
    read: () => {
      isFree = true;
      const next = callback;
      callback = undefined;
      next?.();
    },
  };
}

const headOf = (index: number, seq: number): Head => ({ drive: drives[index]!, driveEpoch, seq });

test('the first hint leaves at once; those that come before it has left wait, the newest of each drive alone', () => {
  const { outbox, seen, read } = slowClient();
  outbox.offer(headOf(0, 1));
  for (let seq = 2; seq < 100; seq += 1) outbox.offer(headOf(seq % 2, seq));
  expect([seen, outbox.size]).toEqual([[headOf(0, 1)], 2]);
  read();
  expect(seen.slice(1)).toEqual([headOf(0, 98), headOf(1, 99)]);
  read();
  expect([seen.length, outbox.size]).toEqual([3, 0]);
});

test('drives that went are told as such, and of nothing more', () => {
  const { outbox, seen, read } = slowClient();
  outbox.offer(headOf(0, 1));
  outbox.offer(headOf(1, 5));
  outbox.change([drives[1]!], [drives[1]!]);
  outbox.change([drives[2]!], []);
  read();
  expect(seen.slice(1)).toEqual([[drives[1], drives[2]]]);
});

test('of what is unread the newest count alone is told', () => {
  const { outbox, seen, read } = slowClient();
  for (const unread of [3, 2, 0]) outbox.notice({ unread });
  read();
  read();
  expect(seen).toEqual([3, 0]);
});

test('whatever is offered and whenever it is read: never more waits than there are drives, and at last the newest of each was sent', () => {
  const step = fc.oneof(
    fc.record({ drive: fc.nat(3) }).map(({ drive }) => ({ drive })),
    fc.constant('read' as const),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const { outbox, seen, read } = slowClient();
      const newest = new Map<DriveId, number>();
      steps.forEach((one, seq) => {
        if (one === 'read') return read();
        newest.set(drives[one.drive]!, seq);
        outbox.offer(headOf(one.drive, seq));
        expect(outbox.size).toBeLessThanOrEqual(drives.length);
      });
      for (let reads = 0; reads <= drives.length; reads += 1) read();
      expect(outbox.size).toBe(0);
      expect(new Map((seen as Head[]).map(({ drive, seq }) => [drive, seq]))).toEqual(newest);
    }),
  );
});
