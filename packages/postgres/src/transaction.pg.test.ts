import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { parseTenantId } from '@driftbox/domain';
import { createTestDatabase, newId, waitFor, type TestDatabase } from '@driftbox/testkit';
import { createDatabase, DatabaseUnavailable, DeadlineExceeded, Retryable, statement, uniqueViolation, type Database } from './index.ts';

let world: TestDatabase;
let db: Database;
const tenant = newId(parseTenantId);
const insert = statement({ name: 'test.insert-note', text: 'INSERT INTO notes (tenant, id, body) VALUES ($1, $2, $3)' });
const bodies = async (): Promise<string[]> =>
  (await db.withTenant<{ body: string }>(tenant, 'SELECT body FROM notes ORDER BY id')).rows.map((row) => row.body);

beforeAll(async () => {
  world = await createTestDatabase({ service: 'notes', migrations: new URL('./testing/migrations/', import.meta.url) });
  db = world.database;
});
beforeEach(() => world.adminQuery('TRUNCATE notes'));
afterAll(() => world.drop());

describe('a transaction', () => {
  test('commits what it deferred, in order, and answers the value of its function', async () => {
    const value = await db.transaction(tenant, async (tx) => {
      for (let id = 1; id <= 50; id += 1) tx.defer(insert, [tenant, id, `n${id}`]);
      return (await tx.query<{ n: number }>('SELECT count(*) AS n FROM notes')).rows[0]?.n;
    });
    expect(value).toBe(50);
    expect(await bodies()).toHaveLength(50);
  });

  test('rolls back when its function throws, and the connection serves on', async () => {
    const failing = db.transaction(tenant, async (tx) => {
      tx.defer(insert, [tenant, 1, 'never']);
      throw new Error('changed my mind');
    });
    await expect(failing).rejects.toThrow('changed my mind');
    expect(await bodies()).toEqual([]);
  });

  test("fails when a deferred statement fails, with that statement's error, even if a later one was asked first", async () => {
    const twice = db.transaction(tenant, async (tx) => {
      tx.defer(insert, [tenant, 1, 'a']);
      tx.defer(insert, [tenant, 1, 'b']);
      await tx.query('SELECT 1');
    });
    expect(uniqueViolation(await twice.catch((error: unknown) => error))).toMatch(/^notes_\d_pkey$/);
    expect(await bodies()).toEqual([]);
  });

  test('does not report success when its function swallowed a failed statement', async () => {
    const swallowed = db.transaction(tenant, async (tx) => {
      tx.defer(insert, [tenant, 1, 'a']);
      await tx.query('SELECT 1 / 0').catch(() => {});
    });
    await expect(swallowed).rejects.toThrow('rolled back');
    expect(await bodies()).toEqual([]);
  });

  test('a savepoint undoes its own writes only', async () => {
    await db.transaction(tenant, async (tx) => {
      tx.defer(insert, [tenant, 1, 'kept']);
      const inner = tx.savepoint(async () => {
        tx.defer(insert, [tenant, 2, 'undone']);
        tx.defer(insert, [tenant, 1, 'clash']);
      });
      expect(uniqueViolation(await inner.catch((error: unknown) => error))).toBeDefined();
      await tx.savepoint(async () => tx.defer(insert, [tenant, 3, 'kept too']));
    });
    expect(await bodies()).toEqual(['kept', 'kept too']);
  });

  test('calls back after the commit, once, and not after a rollback', async () => {
    const calls: string[] = [];
    const note = (): void => void calls.push('committed');
    await db.transaction(tenant, async (tx) => {
      tx.afterCommit(note);
      tx.afterCommit(note);
      expect(calls).toEqual([]);
    });
    await db.transaction(tenant, async (tx) => (tx.afterCommit(note), Promise.reject(new Error('no')))).catch(() => {});
    expect(calls).toEqual(['committed']);
  });

  test('last answers its rows and has committed; nothing may follow it', async () => {
    await db.transaction(tenant, async (tx) => {
      const { rows } = await tx.last('INSERT INTO notes (tenant, id) VALUES ($1, 9) RETURNING id', [tenant]);
      expect(rows).toEqual([{ id: 9 }]);
      await expect(tx.query('SELECT 1')).rejects.toThrow('after the commit');
    });
    expect(await bodies()).toEqual(['']);
  });

  test('serialization failures are Retryable, and attempts runs the function again', async () => {
    await db.transaction(tenant, (tx) => tx.query(insert, [tenant, 1, '0']));
    const increment = (attempts: number): Promise<unknown> =>
      db.transaction(
        tenant,
        async (tx) => {
          const { rows } = await tx.query<{ body: string }>('SELECT body FROM notes WHERE id = 1');
          await tx.query('UPDATE notes SET body = $1 WHERE id = 1', [String(Number(rows[0]?.body) + 1)]);
        },
        { isolation: 'serializable', attempts },
      );
    await Promise.all(Array.from({ length: 6 }, () => increment(50)));
    expect(await bodies()).toEqual(['6']);
    const outcomes = await Promise.allSettled(Array.from({ length: 6 }, () => increment(1)));
    const failures = outcomes.filter((one) => one.status === 'rejected').map((one) => one.reason as unknown);
    expect(failures.length).toBeGreaterThan(0);
    for (const failure of failures) expect(failure).toBeInstanceOf(Retryable);
    expect(await bodies()).toEqual([String(12 - failures.length)]);
  });

  test('bigint and timestamptz arrive as numbers, and a bigint beyond 2^53 is an error', async () => {
    const { rows } = await db.query("SELECT 9007199254740991::bigint AS big, '2026-11-24T00:00:00.250Z'::timestamptz AS at");
    expect(rows).toEqual([{ big: Number.MAX_SAFE_INTEGER, at: Date.UTC(2026, 10, 24, 0, 0, 0, 250) }]);
    await expect(db.query('SELECT 9007199254740993::bigint')).rejects.toThrow('beyond 2^53');
  });
});

describe('deadlines and lost connections', () => {
  test('a statement longer than its transaction may last is ended by its deadline', async () => {
    await expect(db.transaction(tenant, (tx) => tx.query('SELECT pg_sleep(60)'), { timeoutMs: 50 })).rejects.toBeInstanceOf(
      DeadlineExceeded,
    );
    expect((await db.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
  });

  test("the server ends a statement at the pool's statement timeout", async () => {
    const strict = createDatabase({ ...world.connectionOf('notes'), applicationName: 'strict', statementTimeoutMs: 30 });
    await expect(strict.query('SELECT pg_sleep(60)')).rejects.toBeInstanceOf(DeadlineExceeded);
    await strict.close();
  });

  test('an abort ends the wait at once, and nothing is written', async () => {
    const controller = new AbortController();
    const aborted = db.transaction(
      tenant,
      async (tx) => {
        tx.defer(insert, [tenant, 1, 'never']);
        await tx.query('SELECT 1');
        controller.abort(new Error('the caller left'));
        await tx.query('SELECT pg_sleep(60)');
      },
      { signal: controller.signal },
    );
    await expect(aborted).rejects.toBeInstanceOf(DeadlineExceeded);
    await expect(db.query('SELECT 1', [], { signal: controller.signal })).rejects.toBeInstanceOf(DeadlineExceeded);
    expect(await bodies()).toEqual([]);
  });

  test('a backend killed in mid-transaction is DatabaseUnavailable, and the next transaction works', async () => {
    const killed = db.transaction(tenant, async (tx) => {
      const { rows } = await tx.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
      await world.adminQuery('SELECT pg_terminate_backend($1)', [rows[0]?.pid]);
      await tx.query('SELECT pg_sleep(60)');
    });
    const error = await killed.catch((failure: unknown) => failure);
    expect(error).toBeInstanceOf(DatabaseUnavailable);
    expect((error as DatabaseUnavailable).outcomeUnknown).toBe(false);
    expect((await db.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
  });

  test('backends killed while idle are replaced without anybody noticing', async () => {
    await Promise.all(Array.from({ length: 4 }, () => db.query('SELECT pg_sleep(0.01)')));
    await world.adminQuery(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'notes' AND datname = current_database()",
    );
    await waitFor(() => db.poolState().open === 0, { what: 'the pool noticing' });
    expect((await db.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
  });

  test('no server is DatabaseUnavailable, and so is a pool with too many waiting', async () => {
    const nowhere = createDatabase({ host: '/nonexistent', user: 'x', database: 'x', applicationName: 'nowhere' });
    await expect(nowhere.query('SELECT 1')).rejects.toBeInstanceOf(DatabaseUnavailable);
    await nowhere.close();
    const tiny = createDatabase({
      ...world.connectionOf('notes'),
      applicationName: 'tiny',
      maxConnections: 1,
      maxWaiting: 1,
      acquireTimeoutMs: 500,
    });
    await tiny.query('SELECT 1');
    const hold = Promise.withResolvers<void>();
    const first = tiny.systemTransaction(() => hold.promise);
    await waitFor(() => tiny.poolState().idle === 0);
    const second = tiny.query('SELECT 2 AS two');
    await waitFor(() => tiny.poolState().waiting === 1);
    await expect(tiny.query('SELECT 3')).rejects.toBeInstanceOf(DatabaseUnavailable);
    hold.resolve();
    await first;
    expect((await second).rows).toEqual([{ two: 2 }]);
    await tiny.close();
  });
});
