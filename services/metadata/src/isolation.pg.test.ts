import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createClient, createDatabase } from '@driftbox/postgres';
import type { TestDatabase } from '@driftbox/testkit';
import { commitIn, newEntry, newTenant, newWorld, newWrite, openTestDatabase } from './testing/world.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await openTestDatabase();
}, 60_000);
afterAll(() => db.drop());

const tenantTables = `SELECT c.relname AS name, c.relrowsecurity AND c.relforcerowsecurity AS forced, pg_get_userbyid(c.relowner) AS owner
  FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant' AND NOT a.attisdropped
  WHERE c.relnamespace = 'metadata'::regnamespace AND c.relkind IN ('r', 'p') ORDER BY 1`;

test('every table with a tenant forces row-level security, and its owner is not who serves', async () => {
  const tables = await db.adminQuery<{ name: string; forced: boolean; owner: string }>(tenantTables);
  expect(tables.length).toBeGreaterThanOrEqual(14);
  expect(tables.filter(({ forced }) => !forced)).toEqual([]);
  expect(new Set(tables.map(({ owner }) => owner))).toEqual(new Set(['metadata_owner']));
  const others = await db.adminQuery<{
    name: string;
  }>(`SELECT relname AS name FROM pg_class c WHERE relnamespace = 'metadata'::regnamespace AND relkind = 'r'
    AND NOT EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'tenant') ORDER BY 1`);
  expect(others.map(({ name }) => name)).toEqual(['migrations', 'migrations_lock', 'outbox_lease']);
});

test('without the tenant set, or with another, there are no rows to read or to change', async () => {
  const world = await newWorld(db);
  await commitIn(db, world, [{ op: 'createFolder', entryId: newEntry(), writeId: newWrite(), parentId: world.rootId, name: 'a' }]);
  const client = createClient(db.connectionOf('metadata'), {
    applicationName: 'test',
    schema: 'metadata',
    statementTimeoutMs: 5_000,
    connectTimeoutMs: 5_000,
  });
  await client.connect();
  try {
    for (const setting of ['', newTenant()]) {
      await client.query(`SELECT set_config('driftbox.tenant', $1, false)`, [setting]);
      for (const { name } of await db.adminQuery<{ name: string }>(tenantTables)) {
        if (name === 'outbox') continue; // The service may only add to it.
        expect([name, (await client.query(`SELECT 1 FROM ${name} LIMIT 1`)).rowCount]).toEqual([name, 0]);
      }
      expect((await client.query('UPDATE drives SET name = $1', ['mine'])).rowCount).toBe(0);
      for (const [name, rest] of [
        ['search_names', 10],
        ['find_entries', 13],
        ['find_readable', 15],
      ] as const) {
        const nothing = Array.from({ length: rest }, () => 'NULL').join(', ');
        const found = await client.query(`SELECT * FROM ${name}(ARRAY[$1::uuid], ${nothing}, 10)`, [world.driveId]);
        expect([name, found.rowCount]).toEqual([name, 0]);
      }
    }
    await expect(client.query(`INSERT INTO commits (tenant, commit_id) VALUES ($1, $1)`, [world.tenantId])).rejects.toThrow(
      /row-level security/,
    );
  } finally {
    await client.end();
  }
});

test('a tenant that was forgotten finds nothing, on a connection that another has just used', async () => {
  const world = await newWorld(db);
  await commitIn(db, world, [{ op: 'createFolder', entryId: newEntry(), writeId: newWrite(), parentId: world.rootId, name: 'a' }]);
  const one = createDatabase({ ...db.connectionOf('metadata'), applicationName: 'one', maxConnections: 1 });
  try {
    for (const { name } of await db.adminQuery<{ name: string }>(tenantTables)) {
      if (name === 'outbox') continue;
      const count = `SELECT count(*) AS n, pg_backend_pid() AS pid FROM ${name}`;
      const [own] = (await one.withTenant<{ n: number; pid: number }>(world.tenantId, count)).rows;
      if (['drives', 'entries', 'revisions', 'changes', 'tenants'].includes(name)) expect([name, own?.n]).toEqual([name, 1]);
      expect([name, (await one.query(count)).rows]).toEqual([name, [{ n: 0, pid: own?.pid }]]);
      expect([name, (await one.withTenant(newTenant(), count)).rows]).toEqual([name, [{ n: 0, pid: own?.pid }]]);
    }
  } finally {
    await one.close();
  }
});

test("only the reviewed functions run with their owner's rights, with the search path pinned", async () => {
  const functions = await db.adminQuery<{ name: string; config: string[] }>(
    `SELECT proname AS name, proconfig AS config FROM pg_proc WHERE pronamespace = 'metadata'::regnamespace AND prosecdef ORDER BY 1`,
  );
  // Of these the last alone tells of all tenants at once: how many there are under each Quota and what they use together.
  const reviewed = ['erase_outbox', 'find_entries', 'find_readable', 'search_names', 'tenants_after', 'usage_by_quota'];
  expect(functions.map(({ name }) => name)).toEqual(reviewed);
  for (const { config } of functions) expect(config).toContain('search_path=metadata, driftbox, pg_temp');
});
