import type { DriveId } from '@driftbox/domain';
import { expect, test } from '@jest/globals';
import { MemoryStore } from './memory-store/memory-store.ts';
import { endFolder, planMounts, type EndingFolder, type RunningMount } from './plan-mounts.ts';
import { id, localRow, remoteEntry, rootId } from './testing/rows.ts';

const mountRow = (n: number, name: string) =>
  localRow(n, name, { body: { kind: 'mount', drive: `drive ${n}` as DriveId, rootId: id(0x100 + n) } });
const running = (n: number, path: string, last?: RunningMount['last']): RunningMount => ({ entryId: id(n), path, last });
const told = (store: MemoryStore, mounts: readonly RunningMount[], remembered = [1, 2, 3].map(id)) => {
  const { over, forgotten, due } = planMounts({ store, rootId }, mounts, remembered);
  return { over: over.map(({ path }) => path), forgotten, due: due.map(({ path, body }) => [path, body.drive]) };
};

test('a mount that stays where it is goes on; one that moved ends and is due at its new place; one that is new is due', () => {
  const store = new MemoryStore();
  for (const [n, name] of [
    [1, 'stays'],
    [2, 'moved'],
    [3, 'new'],
  ] as const)
    store.putLocal(mountRow(n, name));
  expect(told(store, [running(1, 'stays'), running(2, 'was here')])).toEqual({
    over: ['was here'],
    forgotten: [],
    due: [
      ['moved', 'drive 2'],
      ['new', 'drive 3'],
    ],
  });
});

test('one whose folder was not there is opened again; one that halted over a plan is not', () => {
  const store = new MemoryStore();
  store.putLocal(mountRow(1, 'gone'));
  store.putLocal(mountRow(2, 'halted'));
  const plan = { agreements: [], local: [], remote: [], read: [], waiting: [] } as never;
  const gone = running(1, 'gone', { result: 'halted', reason: 'no folder', plan: undefined });
  const halted = running(2, 'halted', { result: 'halted', reason: 'much would go', plan });
  expect(told(store, [gone, halted])).toEqual({ over: ['gone'], forgotten: [id(3)], due: [['gone', 'drive 1']] });
});

test('one that no tree knows any more is forgotten, not one that is still to be made or told of', () => {
  const store = new MemoryStore();
  store.putRemote(remoteEntry(1, 'to be made'));
  store.putSynced(remoteEntry(2, 'to be told of'));
  expect(told(store, [running(3, 'over')])).toEqual({ over: ['over'], forgotten: [id(3)], due: [] });
});

/** A folder that is over, and what was done to it. */
function ending(over: Partial<EndingFolder> = {}) {
  const done: string[] = [];
  const isThere = () => !done.includes('remove');
  const does = (step: string) => () => void done.push(step);
  const folder: EndingFolder = {
    isThere,
    clear: () => Promise.resolve(undefined),
    hasStashed: () => false,
    forget: does('forget'),
    remove: does('remove'),
    ...over,
  };
  return { done, end: () => endFolder(folder) };
}

test('a mount that is over goes with its folder, unless something of people is left in that', async () => {
  const [empty, kept] = [ending(), ending({ remove: () => {} })];
  expect([await empty.end(), empty.done]).toEqual([{ ended: 'gone' }, ['forget', 'remove']]);
  expect([await kept.end(), kept.done]).toEqual([{ ended: 'kept' }, ['forget']]);
});

test('nothing is forgotten while something keeps it from ending', async () => {
  let isThere = true;
  const moved = ending({ isThere: () => isThere, clear: () => Promise.resolve(void (isThere = false)) });
  const troubles = [
    ending({ isThere: () => false }),
    ending({ clear: () => Promise.resolve({ failed: 'it is open' }) }),
    moved,
    ending({ hasStashed: () => true }),
  ];
  for (const { end, done } of troubles) expect([await end(), done]).toEqual([{ failed: expect.any(String) }, []]);
});
