import { expect, test } from '@jest/globals';
import type { LocalOperation } from '@driftbox/sync-core';
import { Life } from '../life.ts';
import { MemoryStore } from '../memory-store/memory-store.ts';
import type { Disk, DiskOutcome } from '../ports/disk.ts';
import type { Server } from '../ports/server.ts';
import type { Surroundings } from '../ports/surroundings.ts';
import { fileStat, id, localRow, remoteEntry, rootId } from '../testing/rows.ts';
import { carryOutLocally } from './local-operations.ts';

const place = { parentId: rootId, name: 'a' };
const aside: LocalOperation = { op: 'setAside', entryId: id(1), parentId: rootId, name: 'a (conflicted copy)' };
const winners: readonly LocalOperation[] = [
  { op: 'fetch', entryId: id(1), ...place, remote: remoteEntry(1, 'a') },
  { op: 'link', entryId: id(1), ...place, target: 'elsewhere' },
  { op: 'makeFolder', entryId: id(1), ...place },
];

/** What is done on disk, where a rename comes to `moved` and all else succeeds. */
async function doneOnDisk(moved: DiskOutcome, winner: LocalOperation): Promise<{ steps: string[]; store: MemoryStore }> {
  const steps: string[] = [];
  const store = new MemoryStore();
  store.putLocal(localRow(1, 'a'));
  const put = (path: string): Promise<DiskOutcome> => {
    steps.push(`put ${path}`);
    return Promise.resolve({ outcome: 'done', stat: fileStat(7) });
  };
  const disk = {
    move: () => Promise.resolve(moved),
    place: (_arrived, path) => put(path),
    makeLink: put,
    makeFolder: put,
    flush: () => Promise.resolve(),
  } satisfies Partial<Disk>;
  const server = {
    fetch: async (wanted, arrived) => {
      for (const one of wanted) await arrived(one, { tag: 'arrived' });
    },
  } satisfies Partial<Server>;
  const around = { store, disk, server, rootId, nowMs: () => 9_000_000, freshEntryId: () => id(2) } as unknown as Surroundings;
  await carryOutLocally(new Life(around), [aside, winner]);
  return { steps, store };
}

test.each(winners)('the loser of a conflict is set aside before the winner takes its place: $op', async (winner) => {
  const { steps, store } = await doneOnDisk({ outcome: 'done', stat: fileStat(1) }, winner);
  expect(steps).toEqual(['put a']);
  expect(store.local.get(id(2))?.name).toBe('a (conflicted copy)');
});

test.each(winners)('a loser that cannot be set aside is left alone: $op', async (winner) => {
  for (const moved of [{ outcome: 'failed', reason: 'in use', retryable: true }, { outcome: 'changed' }] as const) {
    const { steps, store } = await doneOnDisk(moved, winner);
    expect(steps).toEqual([]);
    expect(store.local.get(id(1))).toEqual(localRow(1, 'a'));
  }
});
