import { randomUUID } from 'node:crypto';
import { parseDriveId } from '@driftbox/domain';
import { newId } from '@driftbox/testkit';
import { expect, test } from '@jest/globals';
import { cursorLag } from './cursor-lag.ts';

const head = { drive: newId(parseDriveId), driveEpoch: randomUUID(), seq: 12 };

test('a device is behind by the changes that it has not come by, and never ahead', () => {
  expect([10, 12, 13].map((seq) => cursorLag(head, { ...head, seq }))).toEqual([2, 0, 0]);
});

test('of a drive that was begun anew, or is not known here, nothing is said', () => {
  expect(cursorLag(head, { ...head, driveEpoch: randomUUID(), seq: 1 })).toBeUndefined();
  expect(cursorLag(undefined, head)).toBeUndefined();
});
