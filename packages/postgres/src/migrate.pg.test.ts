import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createTestDatabase, scriptProcess, temporaryFolder, type TemporaryFolder, type TestDatabase, waitFor } from '@driftbox/testkit';
import { createClient, migrate, type MigrateOptions } from './index.ts';

let world: TestDatabase;
let folder: TemporaryFolder;

beforeAll(async () => {
  world = await createTestDatabase({ service: 'notes', migrations: new URL('./testing/migrations/', import.meta.url) });
});
beforeEach(async () => {
  folder = await temporaryFolder();
  await world.adminQuery('DROP SCHEMA IF EXISTS other CASCADE');
});
afterEach(() => folder.remove());
afterAll(() => world.drop());

const write = (name: string, content: string): Promise<void> => writeFile(path.join(folder.path, name), content);
const options = (): MigrateOptions => ({ admin: world.admin, schema: 'other', serviceRole: 'other', directory: folder.path });
const run = (): ReturnType<typeof migrate> => migrate(options());

describe('migrate', () => {
  test('runs what is new, in order, and nothing twice', async () => {
    await write('0001-things.sql', 'CREATE TABLE things (id int); -- no ? placeholder\nINSERT INTO things VALUES (1);');
    await write('README.md', 'passed over');
    expect((await run()).applied).toEqual([
      'driftbox-0001-outbox',
      'driftbox-0002-idempotency-keys',
      'driftbox-0003-erased-tenants',
      'driftbox-0004-outbox-trace',
      'driftbox-0005-restores',
      '0001-things',
    ]);
    await write('0002-more.ts', 'export const up = (knex: any) => knex("things").insert({ id: 2 });');
    expect((await run()).applied).toEqual(['0002-more']);
    expect((await run()).applied).toEqual([]);
    expect(await world.adminQuery('SELECT id FROM other.things ORDER BY id')).toEqual([{ id: 1 }, { id: 2 }]);
  });

  test('tables belong to a role that cannot log in, and the service may use them but not change them', async () => {
    await write('0001-things.sql', 'CREATE TABLE things (id int)');
    await run();
    expect(await world.adminQuery("SELECT tableowner FROM pg_tables WHERE schemaname = 'other' AND tablename = 'things'")).toEqual([
      { tableowner: 'other_owner' },
    ]);
    expect(await world.adminQuery("SELECT rolcanlogin, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = 'other_owner'")).toEqual([
      { rolcanlogin: false, rolsuper: false, rolbypassrls: false },
    ]);
    const rights =
      "SELECT has_table_privilege('other', 'other.things', 'INSERT') AS use, has_schema_privilege('other', 'other', 'CREATE') AS change";
    expect(await world.adminQuery(rights)).toEqual([{ use: true, change: false }]);
  });

  test('two processes at once: one works, the other finds it done', async () => {
    await write('0001-things.sql', 'CREATE TABLE things (id int); SELECT pg_sleep(0.2); INSERT INTO things VALUES (1);');
    const script = `import { migrate } from '@driftbox/postgres';
      const { applied } = await migrate(${JSON.stringify(options())});
      console.log(applied.length);`;
    const counts = await Promise.all(
      [1, 2].map(async () => {
        const child = scriptProcess(script, import.meta.dirname);
        const [out, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')]);
        expect(code).toBe(0);
        return Number(out);
      }),
    );
    expect(counts.sort((a, b) => a - b)).toEqual([0, 6]);
    expect(await world.adminQuery('SELECT id FROM other.things')).toEqual([{ id: 1 }]);
  });

  test('a failing migration undoes all of its run, which succeeds when it is mended', async () => {
    await write('0001-good.sql', 'CREATE TABLE good (id int)');
    await write('0002-bad.sql', 'CREATE TABLE half (id int); SELECT 1 / 0;');
    await expect(run()).rejects.toThrow('division by zero');
    expect(await world.adminQuery("SELECT to_regclass('other.half') AS half")).toEqual([{ half: null }]);
    await write('0002-bad.sql', 'CREATE TABLE half (id int)');
    expect((await run()).applied.slice(-2)).toEqual(['0001-good', '0002-bad']);
  });

  const index = `DROP INDEX CONCURRENTLY IF EXISTS other.by_id`;
  test.each([
    ['one transaction', '0003-slow.sql', 'LOCK TABLE things; INSERT INTO things VALUES (3);'],
    [
      'files of their own',
      '0003-slow.ts',
      `export const config = { transaction: false };
       export const up = async (knex: any) => {
         await knex.raw('${index}');
         await knex.raw('CREATE INDEX CONCURRENTLY by_id ON other.things (id)');
       };`,
    ],
  ])('killed in the middle (%s), the next run goes on where it has to', async (_, name, content) => {
    await write('0001-things.sql', 'CREATE TABLE things (id int); INSERT INTO things VALUES (1);');
    await run();
    await write('0002-more.sql', 'INSERT INTO things VALUES (2);');
    await write(name, content);
    await write('0004-last.sql', 'INSERT INTO things VALUES (4);');
    const holder = createClient(world.admin, { applicationName: 'holder', statementTimeoutMs: 60_000, connectTimeoutMs: 10_000 });
    await holder.connect();
    await holder.query('BEGIN; LOCK TABLE other.things IN ROW EXCLUSIVE MODE');
    const script = `import { migrate } from '@driftbox/postgres'; await migrate(${JSON.stringify(options())});`;
    const child = scriptProcess(script, import.meta.dirname);
    const waiting = `SELECT 1 FROM pg_stat_activity WHERE application_name = 'migrate-other' AND wait_event_type = 'Lock'`;
    await waitFor(async () => (await world.adminQuery(waiting)).length > 0, { deadlineMs: 20_000, what: 'the migration to stand still' });
    child.kill('SIGKILL');
    await once(child, 'exit');
    await holder.query('COMMIT');
    await holder.end();
    expect((await run()).applied.at(-1)).toBe('0004-last');
    expect((await run()).applied).toEqual([]);
    const ids = (await world.adminQuery<{ id: number }>('SELECT id FROM other.things ORDER BY id')).map(({ id }) => id);
    expect(ids).toEqual(name.endsWith('.sql') ? [1, 2, 3, 4] : [1, 2, 4]);
    expect(await world.adminQuery('SELECT 1 FROM pg_index WHERE NOT indisvalid')).toEqual([]);
  });

  test('a lock row left by a killed process does not stop the next', async () => {
    await write('0001-things.sql', 'CREATE TABLE things (id int)');
    await run();
    await world.adminQuery('UPDATE other.migrations_lock SET is_locked = 1');
    await write('0002-more.sql', 'CREATE TABLE more (id int)');
    expect((await run()).applied).toEqual(['0002-more']);
  });

  test('a table with a tenant but without isolation is refused by name', async () => {
    await write('0001-open.sql', 'CREATE TABLE open_door (tenant uuid NOT NULL)');
    await expect(run()).rejects.toThrow('open_door');
    await write('0002-shut.sql', "SELECT driftbox.isolate_tenant('open_door')");
    expect((await run()).applied).toEqual(['0002-shut']);
  });

  test('misnamed and doubly numbered files are refused', async () => {
    await write('1-things.sql', 'SELECT 1');
    await expect(run()).rejects.toThrow('1-things.sql');
    await using second = await temporaryFolder();
    await mkdir(second.path, { recursive: true });
    for (const name of ['0001-a.sql', '0001-b.sql']) await writeFile(path.join(second.path, name), 'SELECT 1');
    await expect(migrate({ admin: world.admin, schema: 'other', serviceRole: 'other', directory: second.path })).rejects.toThrow('0001');
  });
});
