import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { parseTenantId, type TenantId } from '@driftbox/domain';
import { createTestDatabase, faultsEverywhere, mortalDatabase, newId, type Faults, type TestDatabase } from '@driftbox/testkit';
import { isRestoring, restoreTenant, type Database, type RestoreStep } from './index.ts';

let world: TestDatabase;
beforeAll(async () => {
  world = await createTestDatabase({ service: 'notes', migrations: new URL('./testing/migrations/', import.meta.url) });
});
afterAll(() => world?.drop());

/** What follows from the rows shows how often it was made to follow. */
const kept = {
  tables: [{ name: 'notes', order: 'id' }],
  derive: [`UPDATE notes SET body = body || ' derived' WHERE tenant = $1`],
};

const pages = [[1, 2].map((id) => ({ id, body: `note ${id}` })), [3].map((id) => ({ id, body: `note ${id}` }))];

type Way = { readonly decides: boolean; readonly abandons: boolean };

/** The steps of a restore, as whoever restores asks a service for them from the beginning each time. */
async function restore(database: Database, tenant: TenantId, restoreId: string, decides: boolean): Promise<void> {
  const take = async (step: RestoreStep): Promise<string> => {
    for (;;) {
      const { state } = await restoreTenant(database, tenant, kept, step, { budgetMs: 10_000, decides });
      if (state !== 'emptying') return state;
    }
  };
  if ((await take({ step: 'begin', restoreId, replace: false })) === 'restored') return;
  for (const rows of pages) await take({ step: 'rows', restoreId, table: 'notes', rows });
  await take({ step: 'end', restoreId });
}

const abandon = (database: Database, tenant: TenantId, restoreId: string, decides: boolean): Promise<unknown> =>
  restoreTenant(database, tenant, kept, { step: 'abandon', restoreId }, { budgetMs: 10_000, decides });

/** Rows, and whether a restore keeps people out. */
const stateOf = async (tenant: TenantId): Promise<{ bodies: string[]; open: boolean }> => ({
  bodies: (await world.adminQuery<{ body: string }>('SELECT body FROM notes WHERE tenant = $1 ORDER BY id', [tenant])).map(
    ({ body }) => body,
  ),
  open: await world.database.transaction(tenant, isRestoring),
});

const whole = { bodies: [1, 2, 3].map((id) => `note ${id} derived`), open: false };
const nothing = { bodies: [], open: false };

/** Has a service fail or die at one of its statements; until others have gone on, nobody is let into half of what is restored. */
async function survive(steps: Faults, { decides, abandons }: Way): Promise<void> {
  const [tenant, restoreId] = [newId(parseTenantId), randomUUID()];
  const mortal = mortalDatabase(world.database, steps);
  const work = async (): Promise<unknown> => {
    await restore(mortal, tenant, restoreId, decides);
    return abandons && !decides ? abandon(mortal, tenant, restoreId, decides) : undefined;
  };
  await work().catch((error: unknown) => {
    if (!steps.struck) throw error;
  });
  const half = await stateOf(tenant);
  if (!half.open) expect([whole, nothing]).toContainEqual(half);
  if (!abandons) {
    await restore(world.database, tenant, restoreId, decides);
    expect(await stateOf(tenant)).toEqual(whole);
    return;
  }
  if (half.open || !decides) await abandon(world.database, tenant, restoreId, decides).catch(notOpen);
  expect(await stateOf(tenant)).toEqual(half.open || !decides ? nothing : half);
  // What was abandoned is in the way of no other.
  if (half.open || !decides) await restore(world.database, tenant, randomUUID(), decides);
}

function notOpen(error: unknown): void {
  if (!(error instanceof Error && 'code' in error && error.code === 'not_found')) throw error;
}

test.each([
  ['the first service, is gone on with', { decides: true, abandons: false }],
  ['another service, is gone on with', { decides: false, abandons: false }],
  ['the first service, is abandoned', { decides: true, abandons: true }],
  ['another service, is abandoned', { decides: false, abandons: true }],
] as const)(
  'a restore that fails or dies at any statement of %s, and nothing is there by half or twice',
  async (_, way) => {
    expect(await faultsEverywhere(1, (steps) => survive(steps, way))).toBeGreaterThan(20);
  },
  120_000,
);

test('it is found when a transaction of a restore keeps what was done before its process died', async () => {
  const halves: Database = {
    ...world.database,
    transaction: async (tenant, fn, options) => {
      let death: unknown;
      const value = await world.database.transaction(tenant, (tx) => fn(tx).catch((error: unknown) => void (death = error)), options);
      if (death !== undefined) throw death as Error;
      return value as never;
    },
  };
  const run = async (steps: Faults): Promise<void> => {
    const [tenant, restoreId] = [newId(parseTenantId), randomUUID()];
    await restore(mortalDatabase(halves, steps), tenant, restoreId, true).catch(() => {});
    await restore(world.database, tenant, restoreId, true);
    expect(await stateOf(tenant)).toEqual(whole);
  };
  await expect(faultsEverywhere(1, run)).rejects.toThrow('derived');
}, 120_000);
