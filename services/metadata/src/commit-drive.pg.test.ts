import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { changeActions, defaultLimits, emptyLedger, MemoryDrive, recount } from '@driftbox/domain';
import type { TestDatabase } from '@driftbox/testkit';
import fc from 'fast-check';
import { toDomain } from './operation.ts';
import { histories, operationOf, type Batch } from './testing/history.ts';
import { commitIn, newEntry, newWorld, newWrite, openTestDatabase, type World } from './testing/world.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await openTestDatabase();
}, 60_000);
afterAll(() => db.drop());

const ledgerQuery = `SELECT seq, current_files, current_bytes, history_files, history_bytes, trash_files, trash_bytes, allowance_bytes
  FROM drives WHERE drive_id = $1`;

async function playBoth(batches: readonly Batch[]): Promise<void> {
  const world = await newWorld(db);
  const run = randomBytes(4).toString('hex');
  const memory = new MemoryDrive({
    driveId: world.driveId,
    rootId: world.rootId,
    kind: 'home',
    epoch: world.epoch,
    seq: 0,
    locked: false,
    ledger: emptyLedger,
  });
  let writes = 0;
  for (const { seeds, atomic } of batches) {
    const operations = seeds.map((seed) => operationOf(memory, seed, run, (writes += 1)));
    const expected = memory.commit({
      driveEpoch: world.epoch,
      operations: operations.map((operation) => toDomain(operation, new Map())),
      atomic,
      author: { by: world.userId, device: undefined },
      role: 'owner',
      budget: { growBytes: 2 ** 50, limit: 'user', limitBytes: 0, usedBytes: 0 },
      limits: defaultLimits,
      nowMs: 0,
    });
    if (expected.result !== 'done') throw new Error('refused as a whole');
    const got = await commitIn(db, world, operations, { atomic });
    expect(got).toEqual({ outcomes: expected.outcomes, seq: expected.seq });
  }
  await expectSame(world, memory);
}

async function expectSame(world: World, memory: MemoryDrive): Promise<void> {
  const entries = await db.adminQuery(
    'SELECT entry_id, parent_id, name, rev, content_rev, place_rev, seq, trashed_seq FROM entries WHERE tenant = $1 ORDER BY entry_id',
    [world.tenantId],
  );
  expect(entries).toEqual(
    [...memory.entries.values()]
      .toSorted((a, b) => (a.entryId < b.entryId ? -1 : 1))
      .map((entry) => ({
        entry_id: entry.entryId,
        parent_id: entry.parentId,
        name: entry.name,
        rev: entry.rev,
        content_rev: entry.contentRev,
        place_rev: entry.placeRev,
        seq: entry.seq,
        trashed_seq: entry.trashed?.seq ?? null,
      })),
  );
  const revisions = await db.adminQuery(
    'SELECT entry_id, rev, seq, name, trashed, charged FROM revisions WHERE tenant = $1 ORDER BY entry_id, rev',
    [world.tenantId],
  );
  expect(revisions).toEqual(
    [...memory.revisions.values()]
      .flat()
      .toSorted((a, b) => (a.entryId < b.entryId ? -1 : a.entryId > b.entryId ? 1 : a.rev - b.rev))
      .map(({ entryId, rev, seq, name, trashed, charged }) => ({ entry_id: entryId, rev, seq, name, trashed, charged })),
  );
  const changes = await db.adminQuery<{ action: number }>('SELECT seq, entry_id, rev, action FROM changes WHERE tenant = $1 ORDER BY seq', [
    world.tenantId,
  ]);
  expect(changes.map((change) => ({ ...change, action: changeActions[change.action] }))).toEqual(
    memory.changes.map(({ seq, entryId, rev, action }) => ({ seq, entry_id: entryId, rev, action })),
  );
  const tombstones = await db.adminQuery<{ entry_id: string }>('SELECT entry_id FROM tombstones WHERE tenant = $1 ORDER BY 1', [
    world.tenantId,
  ]);
  expect(tombstones.map((row) => row.entry_id)).toEqual([...memory.tombstones].toSorted());
  await expectLedger(world, memory);
}

async function expectLedger(world: World, memory: MemoryDrive): Promise<void> {
  const [row] = await db.adminQuery<Record<string, number>>(ledgerQuery, [world.driveId]);
  const { current, history, trash } = recount(memory);
  expect(row).toMatchObject({
    seq: memory.drive.seq,
    current_files: current.files,
    current_bytes: current.bytes,
    history_files: history.files,
    history_bytes: history.bytes,
    trash_files: trash.files,
    trash_bytes: trash.bytes,
  });
  const held = await db.adminQuery<{ held_bytes: number }>('SELECT held_bytes FROM holdings WHERE tenant = $1', [world.tenantId]);
  for (const { held_bytes: bytes } of held) expect(bytes).toBe(current.bytes + history.bytes + trash.bytes + row!['allowance_bytes']!);
}

test('random histories end in SQL as in memory: outcomes, tree, revisions, journal, tombstones, ledger, holdings', async () => {
  await fc.assert(fc.asyncProperty(histories, playBoth), { numRuns: 25 });
}, 120_000);

describe('concurrent commits on one drive', () => {
  test('number their changes without a gap, and one of two equal names wins', async () => {
    const world = await newWorld(db);
    const commits = Array.from({ length: 20 }, (_, n) =>
      commitIn(db, world, [{ op: 'createFolder', entryId: newEntry(), writeId: newWrite(), parentId: world.rootId, name: `f${n % 10}` }]),
    );
    const outcomes = (await Promise.all(commits)).map((one) => one.outcomes[0]!);
    expect(outcomes.filter(({ outcome }) => outcome === 'committed')).toHaveLength(10);
    expect(outcomes.filter(({ outcome }) => outcome === 'name_taken')).toHaveLength(10);
    const seqs = await db.adminQuery<{ seq: number }>('SELECT seq FROM changes WHERE drive_id = $1 ORDER BY seq', [world.driveId]);
    expect(seqs.map((row) => row.seq)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });
});
