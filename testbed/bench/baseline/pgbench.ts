import { execFile } from 'node:child_process';
import { access, chmod, mkdir, readdir } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { migrations } from '@driftbox/metadata';
import { migrate } from '@driftbox/postgres';
import { startPostgresServer } from '@driftbox/postgres-server';

const run = promisify(execFile);
const debianFolder = '/usr/lib/postgresql';

/** Debian's pgbench, or `undefined` where it is not installed. */
export async function findPgbench(): Promise<string | undefined> {
  for (const version of await readdir(debianFolder).catch(() => [])) {
    const file = path.join(debianFolder, version, 'bin/pgbench');
    if (
      await access(file).then(
        () => true,
        () => false,
      )
    )
      return file;
  }
  return undefined;
}

/** Transactions per second of the database alone, on a server of its own with the same settings and tables. */
export type Pgbench = { run(script: 'commit-one' | 'commit-batch', seconds: number): Promise<number>; close(): Promise<void> };

/** Starts the server, makes metadata's tables and fills in what the scripts need. */
export async function startPgbench(program: string, folder: string, clients: number): Promise<Pgbench> {
  await mkdir(folder, { recursive: true });
  await chmod(folder, 0o711);
  const server = await startPostgresServer({ folder, durability: 'durable' });
  const { host, port, user, database } = server.connection;
  await migrate({ admin: server.connection, schema: 'metadata', serviceRole: 'metadata', directory: migrations });
  const address = ['-h', host, '-p', String(port), '-U', user];
  const script = (name: string) => path.join(import.meta.dirname, `${name}.sql`);
  await run('psql', [...address, '-v', 'ON_ERROR_STOP=1', '-q', '-d', database, '-f', script('commit-setup')]);
  const options = { env: { ...process.env, PGOPTIONS: '-c search_path=metadata,driftbox,public' } };
  return {
    run: async (name, seconds) => {
      const args = ['-n', '-M', 'prepared', '-c', String(clients), '-j', '1', '-T', String(seconds), '-f', script(name)];
      const { stdout } = await run(program, [...address, ...args, database], options);
      return Number(/^tps = ([\d.]+)/m.exec(stdout)?.[1]);
    },
    close: () => server.stop(),
  };
}
