import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { parseTenantId } from '@driftbox/domain';
import { createTestDatabase, newId, type TestDatabase } from '@driftbox/testkit';
import { statement, type Transaction } from './index.ts';

let world: TestDatabase;
const tenant = newId(parseTenantId);
const insert = statement({ name: 'test.law-insert', text: 'INSERT INTO notes (tenant, id) VALUES ($1, $2)' });

beforeAll(async () => {
  world = await createTestDatabase({ service: 'notes', migrations: new URL('./testing/migrations/', import.meta.url) });
});
afterAll(() => world.drop());

/** A transaction as a list of steps; an id inserted twice fails its step. */
type Step = { readonly how: 'query' | 'defer'; readonly id: number } | { readonly inner: readonly Step[]; readonly throws: boolean };
const write = fc.record({ how: fc.constantFrom('query' as const, 'defer' as const), id: fc.nat(12) });
const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: write },
    { weight: 1, arbitrary: fc.record({ inner: fc.array(write, { maxLength: 4 }), throws: fc.boolean() }) },
  ),
  { maxLength: 10 },
);

/** What the rows are after the steps: `undefined` if the transaction as a whole must fail. */
function expected(script: readonly Step[], before: ReadonlySet<number>): Set<number> | undefined {
  let rows: Set<number> | undefined = new Set(before);
  for (const step of script) {
    if (rows === undefined) return undefined;
    if ('inner' in step) {
      const inside: Set<number> | undefined = step.throws ? undefined : expected(step.inner, rows);
      rows = inside ?? rows;
    } else if (rows.has(step.id)) rows = undefined;
    else rows.add(step.id);
  }
  return rows;
}

async function perform(tx: Transaction, script: readonly Step[]): Promise<void> {
  for (const step of script) {
    if ('inner' in step) {
      const inner = tx.savepoint(async () => {
        await perform(tx, step.inner);
        if (step.throws) throw new Error('scripted');
      });
      await inner.catch(() => {});
    } else if (step.how === 'query') await tx.query(insert, [tenant, step.id]);
    else tx.defer(insert, [tenant, step.id]);
  }
}

test('whatever is awaited, deferred or undone: all of a transaction holds that its steps say, or nothing', async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (script) => {
      await world.adminQuery('DELETE FROM notes');
      const committed = await world.database
        .transaction(tenant, (tx) => perform(tx, script))
        .then(
          () => true,
          () => false,
        );
      const { rows } = await world.database.withTenant<{ id: number }>(tenant, 'SELECT id FROM notes ORDER BY id');
      const model = expected(script, new Set());
      expect(committed).toBe(model !== undefined);
      expect(rows.map((row) => row.id)).toEqual([...(model ?? [])].sort((a, b) => a - b));
    }),
    { numRuns: 60 },
  );
});
