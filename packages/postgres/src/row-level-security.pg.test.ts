import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parseTenantId } from '@driftbox/domain';
import { createTestDatabase, newId, type TestDatabase } from '@driftbox/testkit';
import fc from 'fast-check';
import { createDatabase, statement, type Transaction } from './index.ts';

let world: TestDatabase;
const tenant = newId(parseTenantId);
const other = newId(parseTenantId);
const allNotes = statement({ name: 'rls.all', text: 'SELECT tenant FROM notes' });

beforeAll(async () => {
  world = await createTestDatabase({ service: 'notes', migrations: new URL('./testing/migrations/', import.meta.url) });
  for (const id of [tenant, other]) {
    await world.database.transaction(id, async (tx) => tx.defer('INSERT INTO notes (tenant, id) VALUES ($1, 1)', [id]));
  }
});
afterAll(() => world.drop());

describe('row-level security', () => {
  test('a tenant sees its own rows only', async () => {
    expect((await world.database.withTenant(tenant, 'SELECT tenant FROM notes')).rows).toEqual([{ tenant }]);
    expect((await world.database.withTenant(other, 'SELECT tenant FROM notes')).rows).toEqual([{ tenant: other }]);
  });

  test('a query without a tenant sees nothing, also on a connection that just served one', async () => {
    const { host, port, database, user, schema } = world.connectionOf('notes');
    const one = createDatabase({ host, port, database, user, schema, applicationName: 'one', maxConnections: 1 });
    await one.transaction(tenant, async (tx) => {
      expect((await tx.query('SELECT 1 FROM notes')).rowCount).toBe(1);
    });
    expect((await one.query('SELECT 1 FROM notes')).rowCount).toBe(0);
    await expect(one.transaction(tenant, async () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect((await one.query('SELECT 1 FROM notes')).rowCount).toBe(0);
    expect(one.poolState().open).toBe(1);
    await one.close();
  });

  test("a tenant can neither write, change nor delete another tenant's rows", async () => {
    const insert = world.database.transaction(tenant, (tx) => tx.query('INSERT INTO notes (tenant, id) VALUES ($1, 2)', [other]));
    await expect(insert).rejects.toThrow('row-level security');
    const writes = ["UPDATE notes SET body = 'mine' WHERE tenant = $1", 'DELETE FROM notes WHERE tenant = $1'];
    for (const write of writes) {
      expect((await world.database.withTenant(tenant, write, [other], { readOnly: false })).rowCount).toBe(0);
    }
    expect(await world.adminQuery('SELECT tenant, body FROM notes WHERE tenant = $1', [other])).toEqual([{ tenant: other, body: '' }]);
  });

  test('a partition named directly is no way around', async () => {
    for (const part of ['notes_0', 'notes_1']) {
      expect((await world.database.query(`SELECT 1 FROM ${part}`)).rowCount).toBe(0);
    }
  });

  test('whatever ran on a connection before, and however it ended, its next user sees its own rows alone', async () => {
    const own = (id: typeof tenant) => pool.withTenant<{ tenant: string }>(id, allNotes);
    const { schema, ...connection } = world.connectionOf('notes');
    const pool = createDatabase({ ...connection, schema, applicationName: 'shared', maxConnections: 2 });
    const failing = (id: typeof tenant, end: (tx: Transaction) => Promise<unknown>): Promise<unknown> =>
      pool.transaction(id, async (tx) => {
        await tx.query(allNotes);
        await end(tx);
        throw new Error('no');
      });
    const uses: Record<string, (id: typeof tenant) => Promise<unknown>> = {
      reads: own,
      throws: (id) => failing(id, async () => {}),
      breaks: (id) => failing(id, (tx) => tx.query('SELECT 1 / 0')),
      'breaks in a savepoint': (id) => failing(id, (tx) => tx.savepoint(() => tx.query('SELECT 1 / 0')).catch(() => {})),
      'takes too long': (id) => pool.withTenant(id, 'SELECT pg_sleep(60)', [], { timeoutMs: 5 }),
      forgets: () => pool.query(allNotes),
    };
    const use = fc.record({ how: fc.constantFrom(...Object.keys(uses)), id: fc.constantFrom(tenant, other) });
    await fc.assert(
      fc.asyncProperty(fc.array(use, { minLength: 1, maxLength: 6 }), async (before) => {
        await Promise.allSettled(before.map(async ({ how, id }) => uses[how]?.(id)));
        const seen = await Promise.all([own(tenant), pool.query<{ tenant: string }>(allNotes), own(other)]);
        expect(seen.map(({ rows }) => rows.map((row) => row.tenant))).toEqual([[tenant], [], [other]]);
      }),
      { numRuns: 60 },
    );
    await pool.close();
  });

  test('a tenant id that is no UUID is refused before it reaches SQL', async () => {
    const forged = "'; DROP TABLE notes; --" as typeof tenant;
    await expect(world.database.withTenant(forged, 'SELECT 1')).rejects.toThrow('canonical UUID');
    expect((await world.database.withTenant(tenant, 'SELECT 1 FROM notes')).rowCount).toBe(1);
  });

  test('the service cannot read its outbox, and the relay nothing but it', async () => {
    await expect(world.database.query('SELECT 1 FROM outbox')).rejects.toThrow('permission denied');
    await expect(world.relay.query('SELECT 1 FROM notes')).rejects.toThrow('permission denied');
    expect((await world.relay.query('SELECT 1 FROM outbox')).rowCount).toBe(0);
  });
});
