import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { buildChunkList, parseUploadId, type EntryId } from '@driftbox/domain';
import type { CheckedOperation } from '@driftbox/protocol';
import { createLogger } from '@driftbox/service-kit';
import { waitFor, type TestDatabase } from '@driftbox/testkit';
import { Registry } from 'prom-client';
import { createMetrics } from './metrics.ts';
import { sha256 } from './operation.ts';
import { reserveBytes } from './reserve-bytes.ts';
import { listTenants } from './store/list-expired.ts';
import { startSweeper } from './sweep.ts';
import { sweepLists, sweepTenant } from './sweep-tenant.ts';
import { commitIn, newEntry, newWorld, newWrite, openTestDatabase, type World } from './testing/world.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await openTestDatabase();
}, 60_000);
afterAll(() => db.drop());

function put(world: World, entryId: EntryId, baseRev: number | null, sizes: number[]): CheckedOperation {
  const chunkList = sizes.map((sizeBytes) => ({ digest: sha256(Buffer.from(randomUUID())), sizeBytes }));
  const { listId, sizeBytes } = buildChunkList(chunkList, sha256);
  return {
    op: 'putFile',
    entryId,
    writeId: newWrite(),
    parentId: world.rootId,
    name: entryId,
    baseRev,
    mtime: '2026-01-01T00:00:00Z',
    chunkList,
    listId,
    sizeBytes,
  };
}

/** The ledger that the rows say. */
async function recount(world: World) {
  const [row] = await db.adminQuery(
    `SELECT coalesce(sum(size_bytes) FILTER (WHERE charged), 0)::bigint
        - (SELECT coalesce(sum(size_bytes), 0)::bigint FROM entries WHERE drive_id = $1) AS history_bytes,
      (SELECT coalesce(sum(size_bytes), 0)::bigint FROM entries WHERE drive_id = $1) AS newest_bytes
      FROM revisions WHERE drive_id = $1 AND kind = 0`,
    [world.driveId],
  );
  return row;
}
const ledger = async (world: World) =>
  (
    await db.adminQuery('SELECT history_bytes, current_bytes + trash_bytes AS newest_bytes FROM drives WHERE drive_id = $1', [
      world.driveId,
    ])
  )[0];

test('what was replaced before history begins goes, what shows in the newest state stays, and the ledger follows', async () => {
  const world = await newWorld(db);
  const entryId = newEntry();
  await commitIn(db, world, [put(world, entryId, null, [10]), put(world, entryId, 1, [20, 21])]);
  await commitIn(db, world, [{ op: 'move', entryId, writeId: newWrite(), parentId: world.rootId, name: 'moved', baseRev: 2 }]);
  await db.adminQuery(`UPDATE revisions SET made_at = now() - interval '200 days' WHERE drive_id = $1`, [world.driveId]);
  await commitIn(db, world, [put(world, entryId, 3, [30])]);
  expect(await ledger(world)).toEqual({ history_bytes: 51, newest_bytes: 30 });
  expect(await sweepTenant(db.database, world.tenantId)).toMatchObject({ history: 1 });
  const revisions = await db.adminQuery('SELECT rev, charged FROM revisions WHERE entry_id = $1 ORDER BY rev', [entryId]);
  expect(revisions).toEqual([
    { rev: 3, charged: true },
    { rev: 4, charged: true },
  ]);
  expect(await ledger(world)).toEqual({ history_bytes: 41, newest_bytes: 30 });
  expect(await ledger(world)).toEqual(await recount(world));
  expect(await sweepTenant(db.database, world.tenantId)).toMatchObject({ history: 0 });
});

test('the trash is emptied after its days, through the journal, and lists that nothing names follow', async () => {
  const world = await newWorld(db);
  const [old, young] = [newEntry(), newEntry()];
  await commitIn(db, world, [put(world, old, null, [1, 2]), put(world, young, null, [3, 4])]);
  const remove = (entryId: EntryId): CheckedOperation => ({ op: 'delete', entryId, writeId: newWrite(), baseRev: 1, seenSeq: 9 });
  await commitIn(db, world, [remove(old), remove(young)]);
  await db.adminQuery(`UPDATE entries SET trashed_at = now() - interval '31 days' WHERE entry_id = $1`, [old]);
  await db.adminQuery(`UPDATE lists SET made_at = now() - interval '5 days' WHERE tenant = $1`, [world.tenantId]);
  expect(await sweepTenant(db.database, world.tenantId)).toMatchObject({ trash: 1 });
  expect(await db.adminQuery('SELECT entry_id FROM entries WHERE drive_id = $1', [world.driveId])).toEqual([{ entry_id: young }]);
  expect(await db.adminQuery('SELECT seq FROM tombstones WHERE entry_id = $1', [old])).toEqual([{ seq: 5 }]);
  expect(await ledger(world)).toEqual(await recount(world));
  expect(await sweepLists(db.database, world.tenantId, Buffer.alloc(0))).toBeDefined();
  expect(await db.adminQuery('SELECT count(*)::int AS lists FROM lists WHERE tenant = $1', [world.tenantId])).toEqual([{ lists: 1 }]);
  expect(await db.adminQuery('SELECT count(*)::int AS members FROM list_members WHERE tenant = $1', [world.tenantId])).toEqual([
    { members: 2 },
  ]);
});

test('reservations, provisional lists, commit ids and tombstones end; the horizon moves with the tombstones', async () => {
  const world = await newWorld(db);
  await reserveBytes(db.database, world, parseUploadId(randomUUID())!, 100, Date.now() - 1000);
  await db.adminQuery(`INSERT INTO commits VALUES ($1, $1, now() - interval '8 days')`, [world.tenantId]);
  await db.adminQuery(`INSERT INTO provisional_lists VALUES ($1, $1, '\\x00', $2, now() - interval '1 day')`, [
    world.tenantId,
    world.driveId,
  ]);
  await db.adminQuery(`INSERT INTO tombstones VALUES ($1, $1, $2, 7, now() - interval '400 days')`, [world.tenantId, world.driveId]);
  expect(await sweepTenant(db.database, world.tenantId)).toMatchObject({ reservations: 1 });
  for (const table of ['reservations', 'commits', 'provisional_lists', 'tombstones']) {
    expect([table, await db.adminQuery(`SELECT 1 FROM ${table} WHERE tenant = $1`, [world.tenantId])]).toEqual([table, []]);
  }
  expect(await db.adminQuery('SELECT horizon_seq FROM drives WHERE drive_id = $1', [world.driveId])).toEqual([{ horizon_seq: 7 }]);
  expect(await db.adminQuery('SELECT held_bytes FROM holdings WHERE tenant = $1', [world.tenantId])).toEqual([
    { held_bytes: 0 },
    { held_bytes: 0 },
  ]);
});

test('background work finds every tenant, page by page', async () => {
  const world = await newWorld(db);
  const all: string[] = [];
  for (let last: string | null = null; ;) {
    const { rows }: { rows: { tenant: string }[] } = await db.database.query<{ tenant: string }>(listTenants, [last, 2]);
    if (rows.length === 0) break;
    all.push(...rows.map(({ tenant }) => tenant));
    last = all.at(-1)!;
  }
  expect(all).toContain(world.tenantId);
  expect(all).toEqual([...new Set(all)].toSorted());
});

test('it goes over all of them, and then counts their ledgers anew: metrics show how far it has come', async () => {
  await newWorld(db);
  const [{ tenants } = {}] = await db.adminQuery<{ tenants: number }>('SELECT count(*)::integer AS tenants FROM tenants');
  const registry = new Registry();
  const log = createLogger({ service: 'test', level: 'silent' });
  const sweeper = startSweeper({ database: db.database, log, metrics: createMetrics(registry), everyMs: 1 });
  try {
    await waitFor(async () => {
      const shown = (await registry.metrics()).match(/^driftbox_round_tenants.*$/gm) ?? [];
      expect(shown).toEqual(
        expect.arrayContaining([
          `driftbox_round_tenants{round="logical_recount",state="done"} ${tenants}`,
          'driftbox_round_tenants{round="logical_recount",state="left"} 0',
        ]),
      );
      return true;
    });
  } finally {
    await sweeper.stop();
  }
});
