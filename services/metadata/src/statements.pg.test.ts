import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createClient, type Statement } from '@driftbox/postgres';
import type { TestDatabase } from '@driftbox/testkit';
import { carryEntries } from './store/carry-entries.ts';
import { checkPossession } from './store/check-possession.ts';
import { findDeparted } from './store/find-departed.ts';
import { listChildren } from './store/list-entries.ts';
import { loadBelow } from './store/load-below.ts';
import { loadAnswers } from './store/load-answers.ts';
import { loadEntries } from './store/load-entries.ts';
import { loadPlaces } from './store/load-places.ts';
import { readFeed } from './store/read-feed.ts';
import { commitIn, newEntry, newWorld, newWrite, openTestDatabase, type World } from './testing/world.ts';

let db: TestDatabase;
let world: World;
beforeAll(async () => {
  db = await openTestDatabase();
  for (let tenants = 0; tenants < 3; tenants += 1) {
    world = await newWorld(db);
    const operations = Array.from({ length: 1000 }, (_, n) => ({
      op: 'createFolder' as const,
      entryId: newEntry(),
      writeId: newWrite(),
      parentId: world.rootId,
      name: `folder ${n}`,
    }));
    await commitIn(db, world, operations);
  }
  await db.adminQuery('ANALYZE metadata.entries, metadata.revisions, metadata.changes, metadata.list_members');
}, 60_000);
afterAll(() => db.drop());

/** The plan that the service role gets, with the tenant set as in production. */
async function planOf(sql: Statement, values: unknown[]): Promise<string> {
  const client = createClient(db.connectionOf('metadata'), {
    applicationName: 'test',
    schema: 'metadata',
    statementTimeoutMs: 5_000,
    connectTimeoutMs: 5_000,
  });
  await client.connect();
  try {
    await client.query(`SELECT set_config('driftbox.tenant', $1, false)`, [world.tenantId]);
    // A table as small as a test's is best read whole; what is asked here is whether an index would serve.
    await client.query('SET enable_seqscan = off');
    const { rows } = await client.query<{ 'QUERY PLAN': string }>(`EXPLAIN ${sql.text}`, values);
    return rows.map((row) => row['QUERY PLAN']).join('\n');
  } finally {
    await client.end();
  }
}

const none = '00000000-0000-4000-8000-000000000000';

test('every hot statement is served by indexes', async () => {
  const { tenantId, userId, driveId, rootId } = world;
  const plans = await Promise.all([
    planOf(loadEntries, [tenantId, driveId, [none]]),
    planOf(loadPlaces, [tenantId, [rootId], ['folder 7']]),
    planOf(loadAnswers, [tenantId, [none], [none], driveId]),
    planOf(readFeed, [tenantId, driveId, 990, none, 1001, userId]),
    planOf(loadBelow, [tenantId, driveId, none, 1001]),
    planOf(findDeparted, [tenantId, driveId, none, userId]),
    planOf(carryEntries, [tenantId, driveId, none, [none], 1, 1]),
    planOf(listChildren, [tenantId, driveId, rootId, 'folder 7', 101]),
    planOf(checkPossession, [tenantId, driveId, ['00'.repeat(32)]]),
  ]);
  for (const plan of plans) expect(plan).not.toMatch(/Seq Scan on (entries|revisions|changes|list_members)(_\d)?|Seq Scan on lists/);
});

test('search reads the trigram index, not every name', async () => {
  await db.adminQuery(
    `INSERT INTO metadata.entries
     SELECT tenant, gen_random_uuid(), drive_id, gen_random_uuid(), modified_by, seq, size_bytes, mtime_ms,
       modified_at, trashed_seq, trashed_at,
       rev, content_rev, place_rev, kind, list_form, executable, device, trashed_by, mounted_drive, list_id, name,
       md5(random()::text), target
     FROM metadata.entries, generate_series(1, 20)`,
  );
  await db.adminQuery('ANALYZE metadata.entries');
  const owned = createClient(db.admin, {
    applicationName: 'test',
    schema: 'metadata',
    statementTimeoutMs: 20_000,
    connectTimeoutMs: 5_000,
  });
  await owned.connect();
  try {
    // As the function's owner, whose policy lets the operator reach the index.
    await owned.query('SET ROLE metadata_owner');
    await owned.query(`SELECT set_config('driftbox.tenant', $1, false)`, [world.tenantId]);
    const { rows } = await owned.query<{ 'QUERY PLAN': string }>(
      `EXPLAIN SELECT entry_id FROM entries WHERE tenant = $1 AND search_name LIKE '%needle%'`,
      [world.tenantId],
    );
    expect(rows.map((row) => row['QUERY PLAN']).join('\n')).toMatch(/Bitmap Index Scan on entries_\d_search_name_idx/);
  } finally {
    await owned.end();
  }
});
