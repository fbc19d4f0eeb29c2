import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, chmod, chown, copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';
import { cloneServer, followServer, type Followed } from '@driftbox/postgres';
import { findBinaries } from '@driftbox/postgres-server';
import { freePort, makeCertificate, temporaryFolder, waitFor } from '@driftbox/testkit';
import pg from 'pg';
import { workloadsOf, type ChartObject } from './chart-object.ts';
import { renderChart } from './render-chart.ts';
import { sampleOf } from './samples.ts';

const run = promisify(execFile);
const native = path.resolve((await findBinaries()).postgres, '../..');
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

/** Where a pod finds the authority, and its certificate and key. */
function tlsIn(folder: string): NonNullable<Followed['tls']> {
  const at = (name: string): string => path.join(folder, 'etc/postgres-tls', name);
  return { authority: at('ca.crt'), certificate: at('tls.crt'), key: at('tls.key') };
}

/** Puts a certificate for `localhost` in the place of the one before, which certifies itself; so does that of another part beside it. */
async function certify(folder: string): Promise<void> {
  const { authority, certificate, key } = tlsIn(folder);
  const other = await makeCertificate(path.dirname(key), 'DNS:localhost', 'cell-auth');
  await copyFile(other.cert, `${certificate}.other`);
  await copyFile(other.key, `${key}.other`);
  const own = await makeCertificate(path.dirname(key), 'DNS:localhost', 'cell-postgres-0.cell-postgres');
  await copyFile(own.cert, certificate);
  await copyFile(own.key, key);
  await writeFile(authority, `${await readFile(certificate, 'utf8')}${await readFile(`${certificate}.other`, 'utf8')}`);
  // As those of a Secret are: of root, and read by the group of a pod.
  await chmod(key, user.uid === undefined ? 0o600 : 0o440);
  if (user.uid !== undefined) await chown(key, 0, user.gid);
}

/** With an authority by TLS, else without. */
async function connect(port: number, name: string, password: string, authority?: string): Promise<pg.Client> {
  const trust = authority === undefined ? { host: '127.0.0.1' } : { host: 'localhost', ssl: { ca: await readFile(authority, 'utf8') } };
  const client = new pg.Client({ ...trust, port, user: name, password, database: 'postgres' });
  await client.connect();
  return client;
}

/** Starts a server with the data that the chart's script has made, or of a copy of one. */
function start(args: readonly string[]): AsyncDisposable {
  const server = spawn(path.join(native, 'bin/postgres'), args, { env, ...user, stdio: 'ignore' });
  const ended = once(server, 'exit');
  return {
    async [Symbol.asyncDispose]() {
      server.kill('SIGINT');
      await ended;
    },
  };
}

/** Makes a server as a pod's scripts do, and starts it as its container does. */
async function startFirst(objects: readonly ChartObject[], folder: string) {
  const script = await layOut(objects, folder);
  await run('/bin/sh', [script], { env, ...user });
  const made = await readFile(path.join(folder, 'var/lib/postgresql/data/global/pg_control'));
  await run('/bin/sh', [script], { env, ...user });
  expect(await readFile(path.join(folder, 'var/lib/postgresql/data/global/pg_control'))).toEqual(made);
  const port = await freePort();
  const container = workloadsOf(objects)
    .flatMap(({ pod }) => pod.containers)
    .find(({ name }) => name === 'postgres');
  const args = [...(container?.args ?? []).map((arg) => move(arg, folder)), '-c', `port=${port}`, '-c', 'listen_addresses=127.0.0.1'];
  await using running = new AsyncDisposableStack();
  running.use(start(args));
  const tryToConnect = () => connect(port, 'postgres', passwords.password).catch(() => undefined);
  const client = await waitFor(tryToConnect, { deadlineMs: 60_000, what: 'the server' });
  running.defer(() => client.end());
  const ask = async (text: string): Promise<unknown> => (await client.query<{ found: unknown }>(text)).rows[0]?.found;
  const held = running.move();
  return { port, args, ask, [Symbol.asyncDispose]: () => held.disposeAsync() };
}

/** Starts a copy, and sees that it has what its server had, and gets what that gets, whatever happens to that meanwhile. */
async function follow(folder: string, { args, ask }: Awaited<ReturnType<typeof startFirst>>, meanwhile = async () => {}): Promise<void> {
  if (user.uid !== undefined) await run('chown', ['-R', `${user.uid}:${user.gid}`, folder]);
  const port = await freePort();
  const own = args.map((arg) => (arg.endsWith('postgresql/data') ? folder : arg.startsWith('port=') ? `port=${port}` : arg));
  await using _standby = start([...own, '-c', 'wal_retrieve_retry_interval=100ms']);
  const streaming =
    "SELECT pid AS found FROM pg_stat_replication WHERE application_name = 'standby' AND sync_state = 'sync' AND state = 'streaming'";
  const pid = await waitFor(() => ask(streaming), { deadlineMs: 60_000, what: 'a standby that follows' });
  await meanwhile();
  expect(await ask(streaming)).toBe(pid);
  await ask(`SELECT pg_terminate_backend(${String(pid)}) AS found`);
  const isBack = async (): Promise<boolean> => ((await ask(streaming)) ?? pid) !== pid;
  await waitFor(isBack, { deadlineMs: 60_000, what: 'a standby that has come back' });
  await ask('SELECT 1 AS found FROM pg_create_restore_point($$later$$)');
  const reader = await connect(port, 'postgres', passwords.password);
  const { rows } = await reader.query<{ count: string; standby: boolean }>('SELECT count(*), pg_is_in_recovery() AS standby FROM kept');
  expect(rows).toEqual([{ count: '10000', standby: true }]);
  await reader.end();
}

/** Without waiting for a standby that is not there yet. */
async function fill(ask: (text: string) => Promise<unknown>): Promise<void> {
  await ask('SET synchronous_commit = local');
  await ask('CREATE TABLE kept AS SELECT n FROM generate_series(1, 10000) AS n');
}

test('a standby follows by its certificate, which both take anew as they run, and by nothing else', async () => {
  await using folder = await temporaryFolder();
  await using first = await startFirst(await renderChart(sampleOf('driftbox-backends', 'TLS inside')), folder.path);
  const { port, ask } = first;
  expect(await ask("SELECT rolreplication AND NOT rolsuper AS found FROM pg_roles WHERE rolname = 'replication'")).toBe(true);
  expect(await ask("SELECT slot_type AS found FROM pg_replication_slots WHERE slot_name = 'standby'")).toBe('physical');
  expect(await ask("SELECT current_setting('synchronous_standby_names') AS found")).toBe('FIRST 1 (standby)');
  expect(await ask("SELECT current_setting('data_checksums') AS found")).toBe('on');
  await fill(ask);

  const standby = path.join(folder.path, 'var/lib/postgresql/standby');
  const tls = tlsIn(folder.path);
  const whom: Followed = { host: 'localhost', port, user: 'replication', slot: 'standby', tls };
  const clone = (other: Partial<Followed>): Promise<void> =>
    cloneServer({ ...whom, ...other }, `${standby}.${Object.keys(other).join('.')}`);
  await expect(clone({ host: '127.0.0.1' })).rejects.toThrow('does not match');
  const ofOther = { ...tls, certificate: `${tls.certificate}.other`, key: `${tls.key}.other` };
  await expect(clone({ tls: ofOther })).rejects.toThrow('certificate authentication failed');
  await ask("ALTER ROLE replication PASSWORD 'of-before'");
  await expect(clone({ password: 'of-before', tls: undefined })).rejects.toThrow('no pg_hba.conf entry for replication connection');
  await expect(connect(port, 'replication', 'of-before', tls.authority)).rejects.toThrow('pg_hba.conf rejects connection');

  await cloneServer(whom, standby);
  // As one that was made before had it.
  await appendFile(path.join(standby, 'postgresql.auto.conf'), "primary_conninfo = 'host=localhost password=of-before'\n");
  followServer(whom, standby);
  await follow(standby, first, async () => {
    const byTls = "SELECT version AS found FROM pg_stat_ssl JOIN pg_stat_replication USING (pid) WHERE application_name = 'standby'";
    expect(await ask(byTls)).toBe('TLSv1.3');
    await certify(folder.path);
    const secure = () => connect(port, 'postgres', passwords.password, tls.authority).then((one) => one.end());
    await expect(secure()).rejects.toThrow('self-signed certificate');
    await ask('SELECT pg_reload_conf() AS found');
    const isRenewed = (): Promise<boolean> =>
      secure().then(
        () => true,
        () => false,
      );
    await waitFor(isRenewed, { what: 'the other certificate' });
  });
  await expect(connect(port, 'postgres', 'wrong')).rejects.toThrow('password authentication failed');
}, 180_000);

test('without TLS it follows by a password', async () => {
  await using folder = await temporaryFolder();
  await using first = await startFirst(await renderChart(sampleOf('driftbox-backends', 'small')), folder.path);
  await fill(first.ask);
  const standby = path.join(folder.path, 'var/lib/postgresql/standby');
  const password = passwords['replication-password'];
  await cloneServer({ host: '127.0.0.1', port: first.port, user: 'replication', password, slot: 'standby' }, standby);
  await follow(standby, first);
}, 180_000);
