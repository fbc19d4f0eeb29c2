import { randomUUID } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { parseDeviceId, parseDriveId, parseTenantId, parseUserId, type TenantId } from '@driftbox/domain';
import type { Head } from '@driftbox/protocol';
import { newId, waitFor } from '@driftbox/testkit';
import { CursorBook, type DeviceCursor } from './cursor-book.ts';

const device = (tenantId: TenantId = newId(parseTenantId)) => ({ tenantId, userId: newId(parseUserId), deviceId: newId(parseDeviceId) });
const headOf = (seq: number): Head => ({ drive: newId(parseDriveId), driveEpoch: randomUUID(), seq });

function bookOf(options: { writeEveryMs?: number; maxWaiting?: number } = {}) {
  const writes: DeviceCursor[][] = [];
  const errors: unknown[] = [];
  const fault = { error: undefined as Error | undefined };
  const write = async (_: TenantId, cursors: readonly DeviceCursor[]): Promise<void> => {
    if (fault.error !== undefined) throw fault.error;
    writes.push([...cursors]);
  };
  return {
    book: new CursorBook({ write, writeEveryMs: 60_000, nowMs: () => 7, onError: (error) => errors.push(error), ...options }),
    writes,
    errors,
    fault,
  };
}

test('the newest report of each device and drive is written, by tenant, and once', async () => {
  const { book, writes } = bookOf();
  const [ada, bob, other] = [device(), device(), device()];
  const [one, two] = [headOf(1), headOf(2)];
  book.report(ada, [one, two]);
  book.report(ada, [{ ...one, seq: 9 }]);
  book.report({ ...bob, tenantId: ada.tenantId }, [one]);
  book.report(other, [two]);
  await book.flush();
  expect(writes.map((rows) => rows.length)).toEqual([3, 1]);
  expect(writes[0]).toContainEqual({ ...ada, ...one, seq: 9, atMs: 7 });
  await book.flush();
  expect(writes.length).toBe(2);
});

test('a report is written by itself after a while; no report, no write', async () => {
  const { book, writes } = bookOf({ writeEveryMs: 5 });
  book.report(device(), []);
  book.report(device(), [headOf(1)]);
  await waitFor(() => writes.length === 1);
  expect(writes[0]!.length).toBe(1);
});

test('more reports than may wait are left out, those that are there already are brought up to date', async () => {
  const { book, writes } = bookOf({ maxWaiting: 2 });
  const ada = device();
  const [one, two, three] = [headOf(1), headOf(2), headOf(3)];
  book.report(ada, [one, two, three]);
  book.report(ada, [{ ...two, seq: 8 }]);
  await book.flush();
  expect(writes[0]!.map(({ seq }) => seq)).toEqual([1, 8]);
});

test('a write that fails is told, and later ones go on', async () => {
  const { book, writes, errors, fault } = bookOf();
  fault.error = new Error('the database is away');
  book.report(device(), [headOf(1)]);
  await book.flush();
  expect(errors).toEqual([fault.error]);
  fault.error = undefined;
  book.report(device(), [headOf(2)]);
  await book.flush();
  expect(writes.length).toBe(1);
});
