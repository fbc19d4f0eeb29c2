import { randomBytes } from 'node:crypto';
import { appendFile, chmod, chown, copyFile, mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { PostgresServer } from '@driftbox/postgres-server';
import { waitFor } from '@driftbox/testkit';
import pg from 'pg';
import type { RestartableNode, RunningComponent } from '../component.ts';
import { keepTestLogs } from '../../src/keep-logs.ts';
import { restartablePostgres, type PostgresNode } from './restartable-postgres.ts';

/** PostgreSQL with a standby that has every commit before it is acknowledged. */
export type ReplicatedPostgres = RunningComponent & {
  /** The primary, then the standby. */
  readonly nodes: readonly RestartableNode[];
  readonly primary: PostgresServer;
  readonly standby: PostgresServer;
  /** Makes the standby a server that takes writes; resolves when it does. The old primary must be gone. */
  promote(): Promise<void>;
  /** From now on the primary acknowledges alone, and the standby gets nothing: to show what that costs. */
  cutOffStandby(): Promise<void>;
};

const standbyName = 'standby';
const shared = { wal_level: 'replica', max_wal_senders: '4', max_replication_slots: '4', synchronous_commit: 'remote_apply' };

/** Folders of which only the folder is copied, and files that are not (PostgreSQL manual, "Backing Up the Data Directory"). */
const emptied = ['pg_wal', 'pg_replslot', 'pg_dynshmem', 'pg_notify', 'pg_serial', 'pg_snapshots', 'pg_stat_tmp', 'pg_subtrans'];
const notCopied = /^(postmaster\.(pid|opts)|pg_internal\.init.*|pgsql_tmp.*)$/;

/**
 * Starts a primary and a synchronous streaming standby. With `remote_apply` whoever has seen a commit acknowledged sees it
 * on the standby too, and it survives the loss of the primary.
 */
export async function startPostgres(folder: string): Promise<ReplicatedPostgres> {
  await mkdir(folder, { recursive: true });
  // PostgreSQL may run as another user, who must be able to pass through.
  await chmod(folder, 0o711);
  const password = randomBytes(24).toString('base64url');
  const primaryFolder = path.join(folder, 'primary');
  const standbyFolder = path.join(folder, 'standby');
  const first = await restartablePostgres({ folder: primaryFolder, durability: 'durable', port: 0, settings: shared });
  const primary = first.server();
  const nodes = [first];
  try {
    await allowReplication(primary, primaryFolder, password);
    await copyCluster(primary, path.join(primaryFolder, 'data'), path.join(standbyFolder, 'data'), 'standby.signal');
    const source = `host=127.0.0.1 port=${primary.tcpPort} user=replication password=${password} application_name=${standbyName}`;
    const settings = { ...shared, primary_conninfo: source, primary_slot_name: standbyName, hot_standby: 'on' };
    const second = await restartablePostgres({ folder: standbyFolder, durability: 'durable', port: 0, settings });
    nodes.push(second);
    await waitForCommitsThere(primary);
    return running(first, second, folder);
  } catch (error) {
    await Promise.all(nodes.map((node) => node.stop()));
    await keepTestLogs(folder);
    throw error;
  }
}

function running(first: PostgresNode, second: PostgresNode, folder: string): ReplicatedPostgres {
  const [primary, standby] = [first.server(), second.server()];
  return {
    primary,
    standby,
    nodes: [first, second],
    addresses: {
      socket: primary.connection.host,
      port: String(primary.tcpPort),
      standbySocket: standby.connection.host,
      standbyPort: String(standby.tcpPort),
    },
    pids: [primary.pid, standby.pid],
    logFiles: ['primary', 'standby'].map((name) => path.join(folder, name, 'server.log')),
    promote: () => promote(standby),
    cutOffStandby: async () => {
      await waitForNobody(primary);
      await ask(primary, ['ALTER ROLE replication NOLOGIN', 'SELECT pg_terminate_backend(pid) FROM pg_stat_replication']);
    },
    stop: async () => {
      await first.stop();
      await second.stop();
      await keepTestLogs(folder);
    },
  };
}

async function allowReplication(primary: PostgresServer, folder: string, password: string): Promise<void> {
  await appendFile(path.join(folder, 'data/pg_hba.conf'), 'host replication replication 127.0.0.1/32 scram-sha-256\n');
  await ask(primary, [
    `CREATE ROLE replication REPLICATION LOGIN PASSWORD '${password}'`,
    // Reserved at once, so that nothing is missing between the copy and the standby's first request.
    `SELECT pg_create_physical_replication_slot('${standbyName}', true)`,
    'SELECT pg_reload_conf()',
  ]);
}

/** Copies a running server's files between the start and the end of a backup, as `pg_basebackup` would; `signal`: what the copy becomes. */
export async function copyCluster(
  server: PostgresServer,
  from: string,
  to: string,
  signal: 'standby.signal' | 'recovery.signal',
): Promise<void> {
  await mkdir(path.dirname(to), { recursive: true });
  const client = new pg.Client(server.connection);
  await client.connect();
  try {
    await client.query("SELECT pg_backup_start('standby', true)");
    await copyFolder(from, to);
    const { rows } = await client.query<{ labelfile: string }>('SELECT labelfile FROM pg_backup_stop(false)');
    for (const [name, content] of [
      ['backup_label', rows[0]!.labelfile],
      [signal, ''],
    ] as const) {
      await writeFile(path.join(to, name), content, { mode: 0o600 });
      await giveLike(from, path.join(to, name));
    }
  } finally {
    await client.end();
  }
}

/** Copies what stays: a server's files come and go meanwhile, and replaying its WAL makes what the copy lacks. */
async function copyFolder(from: string, to: string): Promise<void> {
  await mkdir(to, { mode: 0o700 });
  await giveLike(from, to);
  if (emptied.includes(path.basename(from))) return;
  for (const held of await readdir(from, { withFileTypes: true })) {
    const [source, target] = [path.join(from, held.name), path.join(to, held.name)];
    if (held.isDirectory()) await copyFolder(source, target);
    else if (!notCopied.test(held.name)) await copyFile(source, target).then(() => giveLike(from, target), forgiveVanished);
  }
}

function forgiveVanished(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}

async function giveLike(model: string, file: string): Promise<void> {
  const { uid, gid } = await stat(model);
  await chown(file, uid, gid);
}

/** From here on a commit is acknowledged once the standby shows it. */
async function waitForCommitsThere(primary: PostgresServer): Promise<void> {
  await ask(primary, [`ALTER SYSTEM SET synchronous_standby_names = 'FIRST 1 (${standbyName})'`, 'SELECT pg_reload_conf()']);
  await waitFor(
    async () => (await ask(primary, ['SELECT sync_state FROM pg_stat_replication'])).some((row) => row['sync_state'] === 'sync'),
    {
      deadlineMs: 20_000,
      what: 'synchronous replication',
    },
  );
}

async function promote(standby: PostgresServer): Promise<void> {
  await ask(standby, ['SELECT pg_promote(true, 30)']);
  // The names came over with the rest; a primary that waits for a standby it has not got acknowledges nothing.
  await waitForNobody(standby);
}

async function waitForNobody(server: PostgresServer): Promise<void> {
  await ask(server, ["ALTER SYSTEM SET synchronous_standby_names = ''", 'SELECT pg_reload_conf()']);
  await waitFor(async () => (await ask(server, ['SHOW synchronous_standby_names']))[0]?.['synchronous_standby_names'] === '', {
    deadlineMs: 20_000,
    what: 'the server to wait for nobody',
  });
}

/** Runs statements one by one as the administrator; answers the rows of the last. */
async function ask(server: PostgresServer, statements: readonly string[]): Promise<Record<string, unknown>[]> {
  const client = new pg.Client(server.connection);
  await client.connect();
  try {
    let rows: Record<string, unknown>[] = [];
    for (const statement of statements) ({ rows } = await client.query(statement));
    return rows;
  } finally {
    await client.end();
  }
}
