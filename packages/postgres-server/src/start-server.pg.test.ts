import { once } from 'node:events';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createClient, type Connection } from '@driftbox/postgres';
import { scriptProcess, temporaryFolder, waitFor, type TemporaryFolder } from '@driftbox/testkit';
import { ServerFailed, ServerRunning, startPostgresServer, type PostgresServer, type PostgresServerOptions } from './index.ts';
import { servesFolder } from './pid-file.ts';
import { checkReachable } from './run-as.ts';

let folder: TemporaryFolder;
let servers: PostgresServer[] = [];

beforeEach(async () => {
  folder = await temporaryFolder();
  await chmod(folder.path, 0o755);
});
afterEach(async () => {
  await Promise.all(servers.map((server) => server.stop()));
  servers = [];
  await folder.remove();
});

const start = async (options: Partial<PostgresServerOptions> = {}): Promise<PostgresServer> => {
  const server = await startPostgresServer({ folder: folder.path, durability: 'fast', ...options });
  servers.push(server);
  return server;
};
const ask = async (connection: Connection, text: string): Promise<unknown[]> => {
  const client = createClient(connection, { applicationName: 'test', statementTimeoutMs: 10_000, connectTimeoutMs: 5_000 });
  client.on('error', () => {});
  await client.connect();
  try {
    return (await client.query(text)).rows as unknown[];
  } finally {
    await client.end();
  }
};

describe('an embedded server', () => {
  test('is set up on the first start and has its data on the second', async () => {
    const first = await start();
    await ask(first.connection, 'CREATE TABLE public.kept AS SELECT 42 AS n');
    await first.stop();
    const second = await start();
    expect(await ask(second.connection, 'SELECT n FROM public.kept')).toEqual([{ n: 42 }]);
    expect(await ask(second.connection, 'SHOW server_encoding')).toEqual([{ server_encoding: 'UTF8' }]);
  });

  test('durable means that every commit is flushed; fast means that none is', async () => {
    const show = "SELECT name, setting FROM pg_settings WHERE name IN ('fsync', 'full_page_writes', 'synchronous_commit') ORDER BY name";
    const settings = async (durability: 'durable' | 'fast'): Promise<unknown[]> => {
      const server = await start({ durability });
      const rows = await ask(server.connection, show);
      await server.stop();
      return rows.map((row) => (row as { setting: string }).setting);
    };
    expect(await settings('durable')).toEqual(['on', 'on', 'on']);
    expect(await settings('fast')).toEqual(['off', 'off', 'off']);
  });

  test('a second start on the same folder is refused and disturbs nothing', async () => {
    const first = await start();
    await expect(start()).rejects.toBeInstanceOf(ServerRunning);
    expect(await ask(first.connection, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  test('starts after kill -9, with everything that was committed', async () => {
    const first = await start({ durability: 'durable' });
    await ask(first.connection, 'CREATE TABLE public.kept AS SELECT 42 AS n');
    process.kill(first.pid, 'SIGKILL');
    await first.ended;
    const second = await start({ durability: 'durable' });
    expect(await ask(second.connection, 'SELECT n FROM public.kept')).toEqual([{ n: 42 }]);
  });

  test('replaces a server whose managing process was killed', async () => {
    const script = `import { startPostgresServer } from '@driftbox/postgres-server';
      const server = await startPostgresServer({ folder: ${JSON.stringify(folder.path)}, durability: 'durable' });
      console.log(server.pid);
      setInterval(() => {}, 1e6);`;
    const manager = scriptProcess(script, import.meta.dirname);
    const [line] = (await once(manager.stdout, 'data')) as [Buffer];
    await expect(start()).rejects.toBeInstanceOf(ServerRunning);
    manager.kill('SIGKILL');
    await once(manager, 'exit');
    const mine = await start();
    expect(mine.pid).not.toBe(Number(line.toString()));
    expect(servesFolder(Number(line.toString()), path.join(folder.path, 'data'))).toBe(false);
    expect(await ask(mine.connection, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  test.each([
    ['that names a process of somebody else', `${process.pid}\n/elsewhere\n0\n5432\n\n\n0 0\nready   \n`],
    ['that is empty', ''],
    ['of nonsense', 'not a number\n'],
  ])('starts over a stale lock file %s', async (_what, content) => {
    await (await start()).stop();
    await writeFile(path.join(folder.path, 'data', 'postmaster.pid'), content);
    expect(await ask((await start()).connection, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  test('a set-up interrupted half way is begun again', async () => {
    await mkdir(path.join(folder.path, 'data.making', 'base'), { recursive: true });
    expect(await ask((await start()).connection, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  test('by TCP it wants a password, by its own socket it does not', async () => {
    const server = await start({ port: 0 });
    await ask(server.connection, "CREATE ROLE ada LOGIN PASSWORD 'secret'");
    const byTcp = { host: '127.0.0.1', port: server.tcpPort, user: 'ada', database: 'postgres' };
    await expect(ask(byTcp, 'SELECT 1')).rejects.toThrow(/password/);
    await expect(ask({ ...byTcp, password: 'wrong' }, 'SELECT 1')).rejects.toThrow(/password/);
    expect(await ask({ ...byTcp, password: 'secret' }, 'SELECT current_user AS me')).toEqual([{ me: 'ada' }]);
  });

  test('stops although somebody holds a transaction open, and ended tells of it', async () => {
    const server = await start();
    const client = createClient(server.connection, { applicationName: 'holder', statementTimeoutMs: 60_000, connectTimeoutMs: 5_000 });
    const lost = new Promise((resolve) => client.once('end', resolve));
    client.on('error', () => {});
    await client.connect();
    await client.query('BEGIN');
    await server.stop();
    await Promise.all([server.ended, lost]);
    expect(() => process.kill(server.pid, 0)).toThrow('ESRCH');
  });

  test('a bad setting is a ServerFailed that quotes the log, and leaves the folder free', async () => {
    const failed = await start({ settings: { shared_buffers: 'lots' } }).catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(ServerFailed);
    expect((failed as Error).message).toContain('shared_buffers');
    expect(await readFile(path.join(folder.path, 'server.log'), 'utf8')).toContain('shared_buffers');
    await waitFor(async () => (await start()).pid > 0);
  });

  test("a folder behind one that the server's user may not enter is refused by name", async () => {
    const closed = path.join(folder.path, 'closed');
    await mkdir(closed, { mode: 0o700 });
    await expect(checkReachable(path.join(closed, 'db'), { uid: 54_321, gid: 54_321 })).rejects.toThrow(closed);
    await expect(checkReachable(path.join(folder.path, 'db'), { uid: 54_321, gid: 54_321 })).resolves.toBeUndefined();
  });
});
