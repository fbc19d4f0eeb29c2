import { randomBytes } from 'node:crypto';
import { createClient, type Connection } from '@driftbox/postgres';
import { testServer } from '@driftbox/testkit';
import { expect, test } from '@jest/globals';
import { migrateCell } from './migrate-cell.ts';

const services = ['auth', 'metadata', 'upload', 'sync', 'share', 'notification'];

async function ask(connection: Connection, text: string): Promise<readonly object[]> {
  const client = createClient(connection, { applicationName: 'test', statementTimeoutMs: 60_000, connectTimeoutMs: 10_000 });
  await client.connect();
  try {
    return (await client.query<object>(text)).rows;
  } finally {
    await client.end();
  }
}

test('an empty server gets every schema of a cell, once, also when two come at once', async () => {
  const server = await testServer();
  const id = randomBytes(4).toString('hex');
  const database = `cell_${id}`;
  const login = (role: string) => ({ role: `${role}_${id}`, password: `password-of-${role}`, database });
  const schemas = services.map((name) => ({
    name,
    directory: new URL(`../../${name}/migrations/`, import.meta.url),
    login: login(name),
    relay: { ...login(name), role: `${name}_${id}_relay` },
  }));
  const admin = (wanted?: string): Connection => ({ ...server, ...(wanted === undefined ? {} : { database: wanted }) });
  const ran: string[] = [];
  const run = (): Promise<void> => migrateCell(admin, schemas, (schema, applied) => ran.push(...applied.map((one) => `${schema} ${one}`)));
  try {
    await Promise.all([run(), run()]);
    expect(new Set(ran).size).toBe(ran.length);
    expect(ran).toEqual(expect.arrayContaining(['auth 0001-accounts', 'metadata 0001-drives', 'upload 0001-chunks']));
    ran.length = 0;
    await run();
    expect(ran).toEqual([]);
    const { role: user, password } = login('sync');
    expect(await ask({ ...admin(database), user, password }, 'SELECT count(*)::int AS count FROM sync.device_cursors')).toEqual([
      { count: 0 },
    ]);
  } finally {
    await ask(admin(), `DROP DATABASE IF EXISTS ${database} WITH (FORCE)`);
  }
}, 60_000);
