import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parseTenantId, type TenantId } from '@driftbox/domain';
import { createTestDatabase, newId, waitFor, type TestDatabase } from '@driftbox/testkit';
import { appendOutbox, emptyTable, eraseTenant, refuseErased, type Database, type Erasing, type ErasingStep } from './index.ts';

let world: TestDatabase;
beforeAll(async () => {
  world = await createTestDatabase({ service: 'notes', migrations: new URL('./testing/migrations/', import.meta.url) });
});
afterAll(() => world.drop());

const event = { topic: 'driftbox.files', key: 'k', type: 'file.changed', data: {} };
const notes = emptyTable('notes');
const erase = (tenant: TenantId, more: Partial<Erasing> = {}) =>
  eraseTenant(world.database, tenant, { steps: [notes], budgetMs: 10_000, ...more });
const add = (tenant: TenantId, id: number) =>
  world.database.withTenant(tenant, 'INSERT INTO notes (tenant, id) VALUES ($1, $2)', [tenant, id], { readOnly: false });
const countOf = async (table: string, tenant: TenantId) =>
  (await world.adminQuery<{ n: number }>(`SELECT count(*)::integer AS n FROM ${table} WHERE tenant = $1`, [tenant]))[0]?.n;

async function filled(rows = 3): Promise<TenantId> {
  const tenant = newId(parseTenantId);
  await world.adminQuery('INSERT INTO notes (tenant, id) SELECT $1, n FROM generate_series(1, $2) n', [tenant, rows]);
  return tenant;
}

describe('erasing a tenant', () => {
  test('leaves nothing of it, everything of others, and a receipt that stays', async () => {
    const [gone, stays] = [await filled(), await filled()];
    await world.database.transaction(gone, async (tx) => appendOutbox(tx, event));
    const receipt = await erase(gone);
    expect(receipt).toMatchObject({ tenantId: gone, state: 'erased', erased: { notes: 3, outbox: 1 }, erasedAt: expect.any(String) });
    expect([await countOf('notes', gone), await countOf('outbox', gone), await countOf('notes', stays)]).toEqual([0, 0, 3]);
    expect(await erase(gone)).toEqual(receipt);
    await expect(refuseErased(world.database, gone)).rejects.toMatchObject({ code: 'tenant_erased' });
    await refuseErased(world.database, stays);
  });

  test('of which there was nothing is erased all the same, so that what comes too late is refused', async () => {
    const tenant = newId(parseTenantId);
    expect(await erase(tenant)).toMatchObject({ state: 'erased', erased: {} });
    await expect(add(tenant, 1)).rejects.toMatchObject({ code: 'tenant_erased' });
  });

  test('is refused by what is to happen first, and then changes nothing', async () => {
    const tenant = await filled();
    await expect(erase(tenant, { begin: () => Promise.reject(new Error('not yet')) })).rejects.toThrow('not yet');
    await add(tenant, 4);
    expect(await countOf('notes', tenant)).toBe(4);
  });

  test('takes no more rows at a time than a short transaction allows, and answers within its budget', async () => {
    const tenant = await filled(12_000);
    const first = await erase(tenant, { budgetMs: 0 });
    expect(first).toMatchObject({ state: 'erasing', erased: {} });
    expect(first.erasedAt).toBeUndefined();
    const batches: number[] = [];
    const watched: ErasingStep = async (tx) => {
      const gone = await notes(tx);
      batches.push(gone['notes'] ?? 0);
      return gone;
    };
    expect(await erase(tenant, { steps: [watched] })).toMatchObject({ state: 'erased', erased: { notes: 12_000 } });
    expect(batches).toEqual([5_000, 5_000, 2_000, 0]);
  });

  test('goes on after a failure at any step, and has counted every row once', async () => {
    for (let failing = 1; failing <= 4; failing += 1) {
      const tenant = await filled(11_000);
      let calls = 0;
      const breaking: ErasingStep = async (tx) => {
        const gone = await notes(tx);
        calls += 1;
        if (calls === failing) throw new Error('killed');
        return gone;
      };
      await expect(erase(tenant, { steps: [breaking] })).rejects.toThrow('killed');
      expect(await erase(tenant, { steps: [breaking] })).toMatchObject({ state: 'erased', erased: { notes: 11_000 } });
    }
  });

  test('by two callers at once counts every row once', async () => {
    const tenant = await filled(11_000);
    const receipts = await Promise.all([erase(tenant), erase(tenant)]);
    expect(receipts[0]).toEqual(receipts[1]);
    expect(receipts[0]).toMatchObject({ erased: { notes: 11_000 } });
  });

  test('waits for what had begun to write, keeps others from beginning, and lets nothing slip in', async () => {
    const tenant = await filled();
    const writing = Promise.withResolvers<void>();
    const begun = Promise.withResolvers<void>();
    const writer = world.database.transaction(tenant, async (tx) => {
      await tx.query('SELECT 1');
      begun.resolve();
      await writing.promise;
      await tx.query('INSERT INTO notes (tenant, id) VALUES ($1, 99)', [tenant]);
    });
    await begun.promise;
    let tries = 0;
    const counting: Database = {
      ...world.database,
      transaction: (id, fn, options) => {
        tries += 1;
        return world.database.transaction(id, fn, options);
      },
    };
    const erasing = eraseTenant(counting, tenant, { steps: [notes], budgetMs: 10_000 });
    await waitFor(() => tries > 2);
    writing.resolve();
    await writer;
    expect((await erasing).erased).toEqual({ notes: 4 });
    expect(await countOf('notes', tenant)).toBe(0);
    await expect(add(tenant, 5)).rejects.toMatchObject({ code: 'tenant_erased' });
  });

  test('whoever writes without end keeps it from beginning, not the other way round', async () => {
    const tenant = await filled();
    await world.database.transaction(tenant, async (tx) => {
      await tx.query('SELECT 1');
      await expect(erase(tenant, { budgetMs: 200 })).rejects.toMatchObject({ code: 'unavailable' });
      await add(tenant, 7);
    });
    expect(await countOf('notes', tenant)).toBe(4);
  });
});

test('nobody takes events back of a tenant that is not erased', async () => {
  const tenant = newId(parseTenantId);
  await world.database.transaction(tenant, async (tx) => appendOutbox(tx, event));
  expect((await world.database.withTenant(tenant, 'SELECT erase_outbox(10) AS n', [], { readOnly: false })).rows).toEqual([{ n: 0 }]);
  expect(await countOf('outbox', tenant)).toBe(1);
});
