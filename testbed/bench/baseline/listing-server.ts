/**
 * What a listing of 1,000 entries costs at least: a Node server of its own that runs one query of 1,000 rows as wide as
 * an entry on the same database and answers `JSON.stringify` of it. Arguments: socket folder, port, user, database.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import pg from 'pg';

const [host, port, user, database] = process.argv.slice(2) as [string, string, string, string];
const pool = new pg.Pool({ host, port: Number(port), user, database, max: 4 });
await pool.query(`
  CREATE TABLE IF NOT EXISTS public.listing AS
  SELECT n, gen_random_uuid() AS entry_id, gen_random_uuid() AS parent_id, 'file-' || n AS name,
         n AS seq, 1 AS rev, 4096 AS size_bytes, md5(n::text) || md5(n::text) AS list_id, now() AS modified_at
  FROM generate_series(1, 1000) n`);
const query = { name: 'listing', text: 'SELECT * FROM public.listing ORDER BY name LIMIT 1000' };
const server = createServer((_request, response) => {
  pool.query(query).then(
    ({ rows }) => response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(rows)),
    (error: unknown) => response.writeHead(500).end(String(error)),
  );
});
server.listen(0, '127.0.0.1', () => console.log((server.address() as AddressInfo).port));
