import { beforeEach, expect, test } from '@jest/globals';
import { Life } from '../life.ts';
import { MemoryStore } from '../memory-store/memory-store.ts';
import { RootGone } from '../ports/disk.ts';
import type { Disk, DiskOutcome } from '../ports/disk.ts';
import type { Surroundings } from '../ports/surroundings.ts';
import { fileStat, id, localRow, remoteEntry, rootId } from '../testing/rows.ts';
import { Arrivals } from './arrivals.ts';
import type { Arrival } from './arrivals.ts';

const nowMs = 9_000_000;
const names = ['a', 'b', 'c'];

class CountingStore extends MemoryStore {
  transactions = 0;

  override transaction<T>(work: () => T): T {
    this.transactions += 1;
    return super.transaction(work);
  }
}

let store: CountingStore;
beforeEach(() => {
  store = new CountingStore();
});

/** Three new files arrive together, and come to `placed`. */
async function arriveTogether(placed: (name: string) => DiskOutcome): Promise<{ readonly life: Life; readonly ends: string[] }> {
  const disk = {
    place: async (_arrived, path) => placed(path),
    discard: async () => undefined,
  } satisfies Partial<Disk>;
  const life = new Life({ store, disk, rootId, nowMs: () => nowMs } as unknown as Surroundings);
  for (const [index, name] of names.entries()) store.putRemote(remoteEntry(index + 1, name));
  const arrivals = new Arrivals(life);
  const ends = await Promise.allSettled(
    names.map((name, index) => {
      const remote = remoteEntry(index + 1, name);
      const arrival: Arrival = {
        op: { op: 'fetch', entryId: id(index + 1), parentId: rootId, name, remote },
        wanted: { remote, old: undefined },
        content: { tag: name },
      };
      return arrivals.take(arrival);
    }),
  );
  return { life, ends: ends.map(({ status }) => status) };
}

const done = (name: string): DiskOutcome => ({ outcome: 'done', stat: fileStat(names.indexOf(name) + 1) });
const here = () => names.filter((_, index) => store.local.get(id(index + 1)) !== undefined);
const agreed = () => names.filter((_, index) => store.synced.get(id(index + 1)) !== undefined);

test('what arrives together is recorded together', async () => {
  const { life, ends } = await arriveTogether(done);
  expect(ends).toEqual(['fulfilled', 'fulfilled', 'fulfilled']);
  expect([here(), agreed(), store.transactions]).toEqual([names, names, 1]);
  expect([life.moved, life.unflushed, life.retries.list()]).toEqual([true, true, []]);
});

test('one that finds its place taken is tried again, and the others are recorded', async () => {
  const { life } = await arriveTogether((name) => (name === 'b' ? { outcome: 'changed' } : done(name)));
  expect([here(), agreed()]).toEqual([
    ['a', 'c'],
    ['a', 'c'],
  ]);
  expect(life.retries.list().map(({ entryId }) => entryId)).toEqual([id(2)]);
});

test('what was placed before the folder vanished is recorded', async () => {
  const { ends } = await arriveTogether((name) => {
    if (name === 'c') throw new RootGone('gone');
    return done(name);
  });
  expect(ends).toEqual(['rejected', 'rejected', 'rejected']);
  expect(here()).toEqual(['a', 'b']);
});

test('what stands at its place meanwhile is left alone', async () => {
  store.putLocal(localRow(2, 'b'));
  const { life } = await arriveTogether(done);
  expect([here(), store.local.get(id(2))]).toEqual([names, localRow(2, 'b')]);
  expect(life.retries.list().map(({ entryId }) => entryId)).toEqual([id(2)]);
});
