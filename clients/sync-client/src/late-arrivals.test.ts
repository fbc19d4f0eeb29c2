import { beforeEach, expect, test } from '@jest/globals';
import type { WriteId } from '@driftbox/domain';
import { recognizeLateArrivals } from './late-arrivals.ts';
import { Life } from './life.ts';
import { MemoryStore } from './memory-store/memory-store.ts';
import type { PendingOperation, SentContent } from './ports/server.ts';
import type { Surroundings } from './ports/surroundings.ts';
import { recordSettled } from './record-settled.ts';
import { fileBody, fileStat, id, listId, localRow, remoteEntry, rootId, syncedEntry } from './testing/rows.ts';

let store: MemoryStore;
let life: Life;
beforeEach(() => {
  store = new MemoryStore();
  life = new Life({ store, rootId, nowMs: () => 9_000_000 } as unknown as Surroundings);
  store.putSynced(syncedEntry(1, 'a'));
  store.putLocal(localRow(1, 'a'));
  store.putRemote(remoteEntry(1, 'a'));
});

const content: SentContent = { listId: listId(7), sizeBytes: 7, mtimeMs: 1_007, executable: false, stat: fileStat(1) };
const arrived = remoteEntry(1, 'a', { body: fileBody(7), rev: 2 });

/** An edit of the file that was sent, asked about, and not known to the server. */
function giveUp(n: number, more: Partial<PendingOperation> = {}): void {
  const operation = { op: 'putFile', entryId: id(1), baseRev: 1, place: undefined } as const;
  const pending: PendingOperation = { writeId: `write ${n}` as WriteId, operation, seenSeq: 7, content, ...more };
  store.transaction(() => recordSettled(life, pending, { result: 'source_changed' }, 0));
}

test('what was given up and arrived is agreed on', () => {
  giveUp(1);
  store.putRemote(arrived);
  recognizeLateArrivals(life);
  expect([store.synced.get(id(1)), store.pending()]).toEqual([arrived, []]);
});

test('so is its content when it was moved meanwhile, and not the place', () => {
  giveUp(1);
  store.putRemote({ ...arrived, name: 'b', rev: 3 });
  recognizeLateArrivals(life);
  expect(store.synced.get(id(1))).toEqual(syncedEntry(1, 'a', { body: fileBody(7) }));
});

test("what somebody else did is somebody else's, and what was given up can no longer arrive", () => {
  giveUp(1);
  store.putRemote({ ...arrived, body: fileBody(8) });
  recognizeLateArrivals(life);
  expect([store.synced.get(id(1)), store.pending()]).toEqual([syncedEntry(1, 'a'), []]);
});

test('nor can it once a newer edit is committed', () => {
  giveUp(1);
  const operation = { op: 'putFile', entryId: id(1), baseRev: 1, place: undefined } as const;
  const pending: PendingOperation = { writeId: 'newer' as WriteId, operation, seenSeq: 7, content };
  const outcome = { outcome: 'committed', entryId: id(1), rev: 2, seq: 8 } as const;
  store.transaction(() => recordSettled(life, pending, { result: 'answered', outcome }, 0));
  expect(store.pending()).toEqual([]);
});

test('as long as it may arrive it is remembered: the newest few of an entry, and not once the entry is gone', () => {
  for (let n = 1; n <= 9; n += 1) giveUp(n);
  recognizeLateArrivals(life);
  expect(store.pending().map(({ writeId }) => writeId)).toEqual(['write 6', 'write 7', 'write 8', 'write 9']);
  store.dropRemote(id(1));
  recognizeLateArrivals(life);
  expect(store.pending()).toEqual([]);
});

test('what was never sent cannot arrive', () => {
  giveUp(1, { content: undefined });
  expect(store.pending()).toEqual([]);
});
