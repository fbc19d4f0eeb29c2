import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  createTestDatabase,
  faultsEverywhere,
  faultsTimeoutMs,
  temporaryFolder,
  type TemporaryFolder,
  type TestDatabase,
} from '@driftbox/testkit';
import { createClient, migrate, type Connection } from './index.ts';
import { describeSchema } from './testing/describe-schema.ts';
import { openMortalLink } from './testing/mortal-link.ts';

/** A release in steps: a table, a column beside an old one, its rows, an index that locks nobody out, and the old column's end. */
const files = {
  '0001-things.sql': `CREATE TABLE things (tenant uuid NOT NULL, id int NOT NULL, old text, PRIMARY KEY (tenant, id))
    PARTITION BY HASH (tenant);
    SELECT driftbox.partition_by_tenant('things');
    SELECT driftbox.isolate_tenant('things');
    CREATE TABLE settings (name text PRIMARY KEY, value int NOT NULL);
    INSERT INTO settings SELECT 'setting ' || n, n FROM generate_series(1, 10) AS n;`,
  '0002-expand.sql': `ALTER TABLE settings ADD COLUMN doubled bigint;
    ALTER TABLE things ADD COLUMN new text NOT NULL DEFAULT 'none';
    CREATE FUNCTION twice(n bigint) RETURNS bigint LANGUAGE sql IMMUTABLE RETURN 2 * n;`,
  '0003-fill.sql': `UPDATE settings SET doubled = twice(value); INSERT INTO settings VALUES ('filled', 1, 2);`,
  '0004-index.ts': `export const config = { transaction: false };
    export const up = async (knex) => {
      await knex.raw('DROP INDEX CONCURRENTLY IF EXISTS mortal.by_double');
      await knex.raw('CREATE INDEX CONCURRENTLY by_double ON mortal.settings (doubled)');
    };`,
  '0005-contract.sql': `ALTER TABLE settings DROP COLUMN value, ALTER COLUMN doubled SET NOT NULL; ALTER TABLE things DROP COLUMN old;`,
};
let world: TestDatabase;
let folder: TemporaryFolder;
beforeAll(async () => {
  world = await createTestDatabase({ service: 'notes', migrations: new URL('./testing/migrations/', import.meta.url) });
  folder = await temporaryFolder();
  for (const [name, content] of Object.entries(files)) await writeFile(path.join(folder.path, name), content);
});
afterAll(async () => {
  await folder?.remove();
  await world?.drop();
});

const run = (admin: Connection): Promise<{ readonly applied: string[] }> =>
  migrate({ admin, schema: 'mortal', serviceRole: 'mortal', password: 'correct horse', directory: folder.path, timeoutMs: 60_000 });

/** A database that has never been migrated, and roles that nobody has made. */
async function withEmptyDatabase<T>(work: (admin: Connection) => Promise<T>): Promise<T> {
  const admin = { ...world.admin, database: `${world.admin.database}_mortal` };
  await world.adminQuery(`CREATE DATABASE ${admin.database}`);
  try {
    return await work(admin);
  } finally {
    await world.adminQuery(`DROP DATABASE ${admin.database} WITH (FORCE)`);
    await world.adminQuery('DROP ROLE IF EXISTS mortal, mortal_owner, mortal_relay');
  }
}

/** The schema and what the migrations wrote. */
async function read(admin: Connection): Promise<unknown> {
  const client = createClient(admin, { applicationName: 'reader', statementTimeoutMs: 60_000, connectTimeoutMs: 10_000 });
  await client.connect();
  try {
    const lines = (await client.query<{ line: string }>(describeSchema, [['mortal', 'driftbox'], 'mortal%'])).rows.map(({ line }) => line);
    const settings = (await client.query('SELECT * FROM mortal.settings ORDER BY name')).rows;
    return { lines, settings, seen: (await client.query('SELECT name FROM mortal.migrations ORDER BY name')).rows };
  } finally {
    await client.end();
  }
}

/**
 * Dies before statement 1, 2, 3… (and so after 0, 1, 2…), or sees it fail, until a run comes to its end; what is there when all is over
 * must be what an undisturbed run makes. `others` are given who comes next: whoever saw a statement fail comes itself,
 * for whom nothing fails any more.
 */
async function everywhere(others: (admin: Connection, struck: Promise<void>, next: () => Connection) => Promise<unknown>): Promise<number> {
  const wanted = await withEmptyDatabase(async (admin) => (await run(admin), read(admin)));
  return faultsEverywhere(7, (steps, lives) =>
    withEmptyDatabase(async (admin) => {
      const link = await openMortalLink(admin, steps, lives);
      const ended = run(link.connection).then(
        () => {},
        (error: unknown) => (steps.struck ? undefined : Promise.reject(error as Error)),
      );
      await others(admin, ended, () => (lives && steps.struck ? link.connection : admin));
      await link.close();
      expect(await read(admin)).toEqual(wanted);
      expect((await run(admin)).applied).toEqual([]);
    }),
  );
}

test(
  'a migration that fails or dies at any statement comes to the same end by others, and disturbs none at work',
  async () => {
    const struck = await everywhere(async (admin, ended, next) => {
      await ended;
      const applied = (await Promise.all([run(next()), run(admin)])).map((one) => one.applied.length);
      expect(Math.min(...applied)).toBe(0);
    });
    expect(struck).toBeGreaterThan(40);
    expect(await everywhere((admin, ended) => Promise.all([run(admin), ended]))).toBeGreaterThan(20);
  },
  faultsTimeoutMs,
);
