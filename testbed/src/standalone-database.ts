import { readFile } from 'node:fs/promises';
import path from 'node:path';
import pg from 'pg';

/** Connects to a running standalone server's PostgreSQL as its superuser. To be ended by the caller. */
export async function connectDatabase(dataFolder: string): Promise<pg.Client> {
  const pidFile = await readFile(path.join(dataFolder, 'postgres/data/postmaster.pid'), 'utf8');
  const [, , , port, host] = pidFile.split('\n');
  const client = new pg.Client({ host: host!, port: Number(port), user: 'postgres', database: 'driftbox' });
  await client.connect();
  return client;
}
