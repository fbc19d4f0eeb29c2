import { chmod, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { parseTenantId } from '@driftbox/domain';
import { startPostgresServer, type PostgresServer } from '@driftbox/postgres-server';
import {
  freePort,
  newId,
  secureServer,
  startFaultProxy,
  temporaryFolder,
  waitFor,
  type FaultProxy,
  type TemporaryFolder,
} from '@driftbox/testkit';
import {
  connectClient,
  createClient,
  createDatabase,
  DatabaseUnavailable,
  migrate,
  Retryable,
  statement,
  type Database,
  type DatabaseLimits,
} from './index.ts';

const tenant = newId(parseTenantId);
const password = 'notes';
const insert = statement({ name: 'failover.insert', text: 'INSERT INTO notes (tenant, id) VALUES ($1, $2)' });
const keep = statement({ name: 'failover.keep', text: 'INSERT INTO notes (tenant, id) VALUES ($1, $2) ON CONFLICT DO NOTHING' });
const pid = async (db: Database): Promise<unknown> => (await db.query('SELECT pg_backend_pid() AS pid')).rows[0]?.['pid'];

let folder: TemporaryFolder;
let server: PostgresServer;
let near: FaultProxy;
let far: FaultProxy;
const opened: Database[] = [];

beforeAll(async () => {
  folder = await temporaryFolder();
  await chmod(folder.path, 0o755);
  const settings = { wal_level: 'replica', max_wal_senders: '2', synchronous_commit: 'on' };
  server = await startPostgresServer({ folder: folder.path, durability: 'fast', port: 0, settings });
  const directory = new URL('./testing/migrations/', import.meta.url);
  await migrate({ admin: server.connection, schema: 'notes', serviceRole: 'notes', password, directory });
}, 60_000);
beforeEach(async () => {
  await asAdmin('TRUNCATE notes.notes');
  [near, far] = (await Promise.all([1, 2].map(() => startFaultProxy({ host: '127.0.0.1', port: server.tcpPort ?? 0 })))) as [
    FaultProxy,
    FaultProxy,
  ];
});
afterEach(async () => {
  await Promise.all([near.close(), far.close()]);
  await Promise.all(opened.splice(0).map((db) => db.close()));
});
afterAll(async () => {
  await server.stop();
  await folder.remove();
});

/** A pool that reaches the server through the near proxy, and if that fails through the far one. */
function open(
  limits: DatabaseLimits & { readonly otherPassword?: string } = {},
  hosts = `127.0.0.1:${near.port},127.0.0.1:${far.port}`,
): Database {
  const connectionString = `postgres://notes:${password}@${hosts}/postgres`;
  const db = createDatabase({ connectionString, applicationName: 'failover', schema: 'notes', acquireTimeoutMs: 1_000, ...limits });
  opened.push(db);
  return db;
}

async function asAdmin(...texts: string[]): Promise<Record<string, unknown>[]> {
  const client = createClient(server.connection, { applicationName: 'admin', statementTimeoutMs: 10_000, connectTimeoutMs: 5_000 });
  await client.connect();
  try {
    let rows: Record<string, unknown>[] = [];
    for (const text of texts) ({ rows } = await client.query<Record<string, unknown>>(text));
    return rows;
  } finally {
    await client.end();
  }
}

const ids = async (): Promise<unknown[]> => (await asAdmin('SELECT id FROM notes.notes ORDER BY id')).map((row) => Number(row['id']));
const set = (setting: string): Promise<unknown> => asAdmin(`ALTER SYSTEM SET ${setting}`, 'SELECT pg_reload_conf()');

describe('of several servers', () => {
  test('one that is not there is passed over', async () => {
    const db = open({}, `127.0.0.1:${await freePort()},127.0.0.1:${far.port}`);
    await db.query('SELECT 1');
    await Promise.all([1, 2, 3].map(() => db.query('SELECT 1')));
    expect(far.seen.connections).toBeGreaterThan(0);
  });

  test('the next is used when one is lost, by reads without anybody noticing', async () => {
    const db = open();
    await db.query('SELECT 1');
    near.set({ refused: true });
    near.cut();
    expect((await db.withTenant(tenant, 'SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
    expect(far.seen.connections).toBe(1);
  });

  test('one that falls silent counts as lost, and its other connections are not used again', async () => {
    const db = open({ acquireTimeoutMs: 300, connectTimeoutMs: 200, maxConnections: 2 });
    const before = await Promise.all([pid(db), pid(db)]);
    expect(new Set(before).size).toBe(2);
    near.set({ stalled: true });
    expect((await db.withTenant(tenant, 'SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
    const after = await Promise.all([pid(db), pid(db)]);
    expect(before.filter((one) => after.includes(one))).toEqual([]);
    expect(far.seen.connections).toBeGreaterThan(0);
  });

  test('callers wait for one that comes back in time, and no longer than they may', async () => {
    const db = open({ acquireTimeoutMs: 300 });
    for (const proxy of [near, far]) proxy.set({ refused: true });
    await expect(db.query('SELECT 1')).rejects.toMatchObject({ name: 'DatabaseUnavailable', kind: 'lost', outcomeUnknown: false });
    const patient = open({ acquireTimeoutMs: 20_000 });
    const waiting = Array.from({ length: 20 }, (_, n) => patient.query<{ n: number }>(`SELECT ${n} AS n`));
    await waitFor(() => near.seen.connections > 3);
    far.set({});
    expect((await Promise.all(waiting)).map(({ rows }) => rows[0]?.n)).toEqual(Array.from({ length: 20 }, (_, n) => n));
  });

  test('a primary that was demoted is left, with every connection to it', async () => {
    const db = open({ acquireTimeoutMs: 300 });
    const before = await pid(db);
    await set('default_transaction_read_only = on');
    try {
      await expect(db.transaction(tenant, (tx) => tx.query(insert, [tenant, 1]))).rejects.toMatchObject({ kind: 'read-only' });
    } finally {
      await asAdmin(
        'SET default_transaction_read_only = off',
        'ALTER SYSTEM RESET default_transaction_read_only',
        'SELECT pg_reload_conf()',
      );
    }
    await waitFor(async () => (await asAdmin('SHOW default_transaction_read_only'))[0]?.['default_transaction_read_only'] === 'off');
    await db.transaction(tenant, (tx) => tx.query(insert, [tenant, 2]));
    expect(await ids()).toEqual([2]);
    expect(await pid(db)).not.toBe(before);
  });
});

describe('a transaction whose connection is lost', () => {
  const lose = async (db: Database, options: { idempotent?: boolean; attempts?: number }): Promise<number> => {
    let runs = 0;
    await db.transaction(
      tenant,
      async (tx) => {
        runs += 1;
        await tx.query(insert, [tenant, runs]);
        if (runs === 1) near.cut();
        await tx.query('SELECT 1');
      },
      options,
    );
    return runs;
  };

  test('before COMMIT was sent is run again where that is allowed, and has left nothing', async () => {
    expect(await lose(open(), { attempts: 2 })).toBe(2);
    expect(await ids()).toEqual([2]);
    await expect(lose(open(), {})).rejects.toMatchObject({ name: 'DatabaseUnavailable', outcomeUnknown: false });
    expect(await ids()).toEqual([2]);
  });

  test('while committing is run again only if twice is as once', async () => {
    const commitUnheard = (db: Database, id: number, options: { idempotent?: boolean; attempts?: number }): Promise<unknown> =>
      db.transaction(
        tenant,
        async (tx) => {
          await tx.query(keep, [tenant, id]);
          // What is sent from here on arrives; its answer does not.
          near.set({ cutAfterBytes: 1 });
        },
        options,
      );
    await expect(commitUnheard(open(), 1, { attempts: 3 })).rejects.toMatchObject({ name: 'DatabaseUnavailable', outcomeUnknown: true });
    near.set({});
    await commitUnheard(open(), 2, { idempotent: true });
    expect((await ids()).at(-1)).toBe(2);
  });

  test('is not believed to be on the standby when the server only stopped waiting for it', async () => {
    const db = open();
    await set("synchronous_standby_names = 'nobody'");
    try {
      const waiting = `SELECT pid FROM pg_stat_activity WHERE wait_event = 'SyncRep'`;
      const failed = expect(db.transaction(tenant, (tx) => tx.query(insert, [tenant, 1]))).rejects.toMatchObject({ outcomeUnknown: true });
      await waitFor(async () => (await asAdmin(waiting)).length === 1);
      await asAdmin(`SELECT pg_cancel_backend(pid) FROM (${waiting}) w`);
      await failed;
    } finally {
      await set("synchronous_standby_names = ''");
    }
    expect(await ids()).toEqual([1]);
  });
});

describe('the limits', () => {
  test('end a wait for a lock, and what a frozen client left open', async () => {
    const db = open({ lockTimeoutMs: 50, transactionTimeoutMs: 1_000 });
    expect((await db.query('SHOW transaction_timeout')).rows).toEqual([{ transaction_timeout: '6s' }]);
    await db.transaction(tenant, async (tx) => {
      await tx.query(insert, [tenant, 1]);
      await expect(db.transaction(tenant, (other) => other.query(insert, [tenant, 1]))).rejects.toBeInstanceOf(Retryable);
    });
    expect(await ids()).toEqual([1]);
  });

  test('a prepared statement whose table has got a column since is prepared again', async () => {
    const all = statement({ name: 'failover.all', text: 'SELECT * FROM notes' });
    const db = open({ maxConnections: 1 });
    expect((await db.withTenant(tenant, all)).rows).toEqual([]);
    await asAdmin('ALTER TABLE notes.notes ADD COLUMN colour text');
    try {
      expect((await db.withTenant(tenant, all)).rows).toEqual([]);
    } finally {
      await asAdmin('ALTER TABLE notes.notes DROP COLUMN colour');
    }
  });

  test('a write in a read-only transaction is a mistake of the caller, not a failover', async () => {
    const failed = open().withTenant(tenant, insert, [tenant, 1]);
    await expect(failed).rejects.toThrow('read-only transaction');
    await expect(failed).rejects.not.toBeInstanceOf(DatabaseUnavailable);
  });
});

describe('by TLS', () => {
  const settings = { applicationName: 'tls', statementTimeoutMs: 5_000, connectTimeoutMs: 5_000 };
  const connect = (more: string, host = 'localhost', database = 'postgres') =>
    connectClient({ connectionString: `postgres://notes:${password}@${host}:${server.tcpPort}/${database}${more}` }, settings);
  async function isEncrypted(connecting: ReturnType<typeof connect>): Promise<unknown> {
    const client = await connecting;
    try {
      return (await client.query<{ ssl: boolean }>('SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()')).rows[0]?.ssl;
    } finally {
      await client.end();
    }
  }

  test('a server proves its name by an authority that is named, and is shown a certificate where it wants one', async () => {
    const strict = '?sslmode=verify-full';
    await expect(connect(strict)).rejects.toThrow('The server does not support SSL connections');
    const rules = path.join(folder.path, 'data/pg_hba.conf');
    await writeFile(rules, `hostssl template1 all all scram-sha-256 clientcert=verify-ca\n${await readFile(rules, 'utf8')}`);
    const { cert, key } = await secureServer(server, folder.path);
    const trusting = `${strict}&sslrootcert=${cert}`;
    await waitFor(() => isEncrypted(connect(trusting)).catch(() => false), { deadlineMs: 20_000, what: 'TLS' });
    expect(await isEncrypted(connect(''))).toBe(false);
    await expect(connect(strict)).rejects.toMatchObject({ code: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
    await expect(connect(trusting, '127.0.0.1')).rejects.toMatchObject({ code: 'ERR_TLS_CERT_ALTNAME_INVALID' });
    await expect(connect(trusting, 'localhost', 'template1')).rejects.toThrow('valid client certificate');
    expect(await isEncrypted(connect(`${trusting}&sslcert=${cert}&sslkey=${key}`, 'localhost', 'template1'))).toBe(true);
    const [ca, own] = await Promise.all([readFile(cert, 'utf8'), readFile(key, 'utf8')]);
    const address = { host: 'localhost', port: server.tcpPort, database: 'template1', user: 'notes', password };
    expect(await isEncrypted(connectClient({ ...address, ssl: { ca: [ca], cert: ca, key: own } }, settings))).toBe(true);
    const plainUrl = `postgresql://notes:${password}@localhost:${server.tcpPort}/postgres`;
    expect(await isEncrypted(connectClient({ connectionString: plainUrl, ssl: { ca: [ca] } }, settings))).toBe(true);
  });
});

describe('while a password is replaced', () => {
  const role = (text: string) => asAdmin(`ALTER ROLE notes PASSWORD '${text}'`);
  const cutAll = () => asAdmin("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'notes'");
  afterEach(() => role(password));

  test('whoever has both is let in by either, whichever it is by now, and one who has the old one alone is not', async () => {
    const [both, old] = [open({ otherPassword: 'n/xt', acquireTimeoutMs: 20_000 }), open()];
    await Promise.all([both, old].map((db) => db.query('SELECT 1')));
    for (const now of ['n/xt', password, 'n/xt']) {
      await role(now);
      await cutAll();
      // A connection that breaks fails whoever had it at that moment: reads are made again by themselves.
      const many = Array.from({ length: 20 }, () => both.withTenant(tenant, 'SELECT 1 AS one'));
      expect((await Promise.all(many)).every(({ rows }) => rows[0]?.['one'] === 1)).toBe(true);
    }
    await expect(old.query('SELECT 1')).rejects.toMatchObject({ code: '28P01' });
  });

  test('two that are both wrong are told as a server that cannot be used, once the time is up', async () => {
    await role('a third');
    const refused = open({ otherPassword: 'n/xt', acquireTimeoutMs: 300 }).query('SELECT 1');
    await expect(refused).rejects.toMatchObject({ name: 'DatabaseUnavailable' });
  });

  test('a single connection tries one after the other', async () => {
    await role('n/xt');
    const settings = { applicationName: 'both', statementTimeoutMs: 1_000, connectTimeoutMs: 1_000 };
    const { host, port } = { host: '127.0.0.1', port: server.tcpPort ?? 0 };
    const client = await connectClient({ host, port, user: 'notes', database: 'postgres', password, otherPassword: 'n/xt' }, settings);
    await client.end();
  });
});
