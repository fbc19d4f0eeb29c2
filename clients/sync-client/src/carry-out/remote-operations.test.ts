import { expect, test } from '@jest/globals';
import type { WriteId } from '@driftbox/domain';
import type { RemoteOperation } from '@driftbox/sync-core';
import { Life } from '../life.ts';
import { MemoryStore } from '../memory-store/memory-store.ts';
import { Offline, type PendingOperation, type Server } from '../ports/server.ts';
import type { Surroundings } from '../ports/surroundings.ts';
import { settlePending } from '../send-pending.ts';
import { id, rootId } from '../testing/rows.ts';
import { carryOutRemotely } from './remote-operations.ts';

const move = (n: number, group?: number): RemoteOperation => ({
  op: 'move',
  entryId: id(n),
  parentId: rootId,
  name: `moved ${n}`,
  baseRev: 1,
  group,
});
const plan = [move(1), move(2, 1), move(3, 1), move(2, 1), move(4, 4), move(5, 4)];

/** A device whose server never answers, and what it was asked. */
function deviceOffline() {
  const sent: PendingOperation[] = [];
  let writes = 0;
  const server = {
    send: (_epoch, operations) => {
      sent.push(...operations);
      return Promise.reject(new Offline('no answer'));
    },
  } satisfies Partial<Server>;
  const freshWriteId = () => `write ${(writes += 1)}` as WriteId;
  const around = { store: new MemoryStore(), server, rootId, nowMs: () => 9_000_000, freshWriteId } as unknown as Surroundings;
  return { life: new Life(around), sent };
}

const groupsIn = (operations: readonly PendingOperation[]) => operations.map(({ operation, group }) => [operation.entryId, group]);

test('a group stays one, until it is settled', async () => {
  const { life, sent } = deviceOffline();
  await expect(carryOutRemotely(life, plan)).rejects.toThrow(Offline);
  expect(groupsIn(sent)).toEqual([
    [id(1), undefined],
    [id(2), 'write 2'],
    [id(3), 'write 2'],
    [id(2), 'write 2'],
    [id(4), 'write 5'],
    [id(5), 'write 5'],
  ]);
  expect(sent.some(({ operation }) => 'group' in operation)).toBe(false);
  const asked = sent.splice(0);
  await expect(settlePending(life)).rejects.toThrow(Offline);
  expect(sent).toEqual(asked);
});

test('a group of which one is to be left alone for now is left alone', async () => {
  const { life, sent } = deviceOffline();
  life.refused(id(2), 'aborted');
  for (const _pass of [1, 2, 3]) {
    life.beginPass();
    life.refused(id(3), 'refused');
    life.refused(id(3), 'refused twice in one pass');
  }
  await expect(carryOutRemotely(life, plan)).rejects.toThrow(Offline);
  expect(sent.map(({ operation }) => operation.entryId)).toEqual([id(1), id(4), id(5)]);
  // Nothing is due before all of it is: it would be looked at again and again.
  expect(life.lookAgainMs).toBe(9_000_000 + 2_000);
});

test('what cannot be done on this disk for now is sent all the same', async () => {
  const { life, sent } = deviceOffline();
  for (const _pass of [1, 2]) {
    life.beginPass();
    life.failed(id(1), 'no room on this disk');
  }
  await expect(carryOutRemotely(life, [move(1)])).rejects.toThrow(Offline);
  expect(sent.map(({ operation }) => operation.entryId)).toEqual([id(1)]);
});
