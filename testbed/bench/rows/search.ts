import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import pg from 'pg';
import { routes } from '@driftbox/protocol';
import { putFiles, signUpByApi, type ApiUser } from '../../src/api-user.ts';
import { timeRequests } from '../../src/request-rate.ts';
import { interleave } from '../interleave.ts';
import type { Measured, Row } from '../row.ts';

const tenants = 1_000;
const entriesEach = 1_000;
const searches = 300;
const rounds = 5;
const limit = 20;

/** What is searched for: one file in each tenant, another one each time. */
const termOf = (index: number): string => `report-${1 + ((index * 37) % entriesEach)}-`;

/** Row 18: a thousand tenants with files of the same names, so that an index of names alone finds each term a thousand times. */
export const search: Row = {
  row: 18,
  name: 'search in one tenant, 1 M entries in 1,000 tenants, p99, one connection',
  unit: 'ms',
  judged: 'ratio',
  better: 'lower',
  must: 1,
  aim: 0.25,
  measure: async (bench) => {
    const world = bench.own();
    const { address } = world;
    const user = await signUpByApi(address, 'seeker');
    const names = Array.from({ length: entriesEach }, (_, index) => `report-${index + 1}-of-the-year.txt`);
    await putFiles(
      user,
      names.map((name) => ({ name, bytes: Buffer.from(name) })),
    );
    const database = await connect(world.dataFolder);
    try {
      await fillOthers(database, user);
      return await measure(address, user, database);
    } finally {
      await database.end();
    }
  },
};

async function measure(address: string, user: ApiUser, database: pg.Client): Promise<Measured> {
  const found = await user.client.call(routes.searchEntries, { query: { q: termOf(1), limit } });
  assert.deepEqual(
    found.items.map(({ path: at }) => at),
    [`/${termOf(1)}of-the-year.txt`],
  );
  const plain = async (term: string): Promise<number> => {
    const values = [user.drive.drive, `%${term}%`, limit];
    const { rows } = await database.query({ name: 'plain', text: plainSearch, values });
    return rows.length;
  };
  assert.equal(await plain(termOf(1)), 1);
  const headers = { authorization: `Bearer ${user.accessToken}` };
  const url = (index: number): string => `${address}/v1/search?q=${termOf(index)}&limit=${limit}`;
  const times = async (one: (index: number) => Promise<number>): Promise<number> => {
    const all: number[] = [];
    for (let index = 0; index < searches; index += 1) all.push(await one(index));
    return all.sort((a, b) => a - b)[Math.ceil(all.length * 0.99) - 1] ?? 0;
  };
  const measured = await interleave(
    rounds,
    () => times(async (index) => (await timeRequests(url(index), headers, 1, 1)).p99Ms),
    () =>
      times(async (index) => {
        const startMs = performance.now();
        await plain(termOf(index));
        return performance.now() - startMs;
      }),
  );
  return { ...measured, note: 'over HTTP, the caller checked; baseline: the query alone, of a table of names with one trigram index' };
}

const plainSearch = 'SELECT entry_id, name FROM public.names WHERE drive_id = $1 AND name LIKE $2 ORDER BY name LIMIT $3';

async function connect(dataFolder: string): Promise<pg.Client> {
  const pidFile = await readFile(path.join(dataFolder, 'postgres/data/postmaster.pid'), 'utf8');
  const [, , , port, host = ''] = pidFile.split('\n');
  const client = new pg.Client({ host, port: Number(port), user: 'postgres', database: 'driftbox' });
  await client.connect();
  return client;
}

/** All other tenants get copies of the user's entries, by SQL; the table of the baseline gets all names. Both are ready to be searched. */
async function fillOthers(database: pg.Client, { drive }: ApiUser): Promise<void> {
  const { rows } = await database.query<{ columns: string }>(
    `SELECT string_agg(quote_ident(attname), ', ') AS columns FROM pg_attribute WHERE attrelid = 'metadata.entries'::regclass
       AND attnum > 0 AND NOT attisdropped AND attname NOT IN ('tenant', 'entry_id', 'drive_id', 'parent_id')`,
  );
  const idOf = (what: string): string => `md5('${what} ' || t)::uuid`;
  await database.query(
    `INSERT INTO metadata.entries (tenant, entry_id, drive_id, parent_id, ${rows[0]?.columns})
     SELECT ${idOf('tenant')}, gen_random_uuid(), ${idOf('drive')}, ${idOf('root')}, ${rows[0]?.columns}
     FROM generate_series(2, ${tenants}) t CROSS JOIN metadata.entries e WHERE e.drive_id = $1`,
    [drive.drive],
  );
  await database.query('CREATE TABLE public.names AS SELECT entry_id, drive_id, search_name AS name FROM metadata.entries');
  const { rows: all } = await database.query<{ count: string }>('SELECT count(*) FROM public.names');
  assert.equal(Number(all[0]?.count), tenants * entriesEach);
  const [extension] = (
    await database.query<{ schema: string }>(
      `SELECT extnamespace::regnamespace::text AS schema FROM pg_extension WHERE extname = 'pg_trgm'`,
    )
  ).rows;
  await database.query(`CREATE INDEX names_search ON public.names USING gin (name ${extension?.schema}.gin_trgm_ops)`);
  await database.query('VACUUM ANALYZE public.names');
  await database.query('VACUUM ANALYZE metadata.entries');
}
