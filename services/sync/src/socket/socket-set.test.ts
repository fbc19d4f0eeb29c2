import { parseTenantId } from '@driftbox/domain';
import { newId } from '@driftbox/testkit';
import { expect, test } from '@jest/globals';
import { newUser } from '../testing/world.ts';
import type { HintSocket } from './hint-socket.ts';
import { SocketCounts } from './socket-counts.ts';
import { SocketSet } from './socket-set.ts';

test('a process that drains tells each socket its own time to come again, all over the spread, and waits until all have gone', async () => {
  const counts = new SocketCounts({ all: 1_000, perTenant: 1_000, perUser: 1_000 });
  const ended: unknown[] = [];
  const set = new SocketSet({
    revocations: { isSuspended: () => false, isRevoked: () => false },
    metrics: { ended: { inc: (labels: unknown) => ended.push(labels) } } as never,
    counts,
    nowMs: () => 0,
  });
  const told: number[] = [];
  const sockets = Array.from({ length: 200 }, () => {
    const proof = { tenantId: newId(parseTenantId), actor: { userId: newUser() } };
    const socket = { proof, waiting: 2, endAndReconnect: (afterMs: number) => void told.push(afterMs), cut: () => {} };
    return socket as unknown as HintSocket;
  });
  sockets.forEach((socket) => set.add(socket));
  expect(set.waiting).toBe(400);
  let isOver = false;
  const drained = set.drain(10_000).then(() => (isOver = true));
  expect(told).toHaveLength(200);
  expect(told.every((afterMs) => Number.isInteger(afterMs) && afterMs >= 0 && afterMs <= 10_000)).toBe(true);
  // By chance, in tenths: that one of them stays empty would take less than one in a hundred million.
  expect(new Set(told.map((afterMs) => Math.min(9, Math.floor(afterMs / 1_000)))).size).toBe(10);
  expect(ended).toEqual(sockets.map(() => ({ reason: 'drained' })));
  sockets.slice(1).forEach((socket) => set.remove(socket));
  await Promise.resolve();
  expect(isOver).toBe(false);
  set.remove(sockets[0]!);
  await drained;
  expect(counts.all).toBe(0);
});
