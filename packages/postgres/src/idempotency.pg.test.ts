import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { parseTenantId } from '@driftbox/domain';
import { createTestDatabase, newId, type TestDatabase } from '@driftbox/testkit';
import { sweepIdempotencyKeys, withIdempotency, type IdempotentOutcome } from './index.ts';

let world: TestDatabase;
const tenant = newId(parseTenantId);
const hash = (body: string): Uint8Array => createHash('sha256').update(body).digest();
const noteCount = async (): Promise<unknown> => (await world.database.withTenant(tenant, 'SELECT count(*) AS n FROM notes')).rows[0]?.['n'];

/** Adds one note under a key. */
const addNote = (
  key: string,
  body: string,
  options: { fail?: boolean; as?: typeof tenant; actor?: string } = {},
): Promise<IdempotentOutcome<{ id: number }>> =>
  world.database.transaction(options.as ?? tenant, (tx) =>
    withIdempotency(tx, { actor: options.actor ?? 'ada', route: 'POST notes', key, bodyHash: hash(body) }, async () => {
      const { rows } = await tx.query<{ id: number }>(
        'INSERT INTO notes (tenant, id, body) SELECT $1, count(*) + 1, $2 FROM notes RETURNING id',
        [options.as ?? tenant, body],
      );
      if (options.fail === true) throw new Error('not this time');
      return { id: rows[0]?.id ?? 0 };
    }),
  );

beforeAll(async () => {
  world = await createTestDatabase({ service: 'notes', migrations: new URL('./testing/migrations/', import.meta.url) });
});
beforeEach(() => world.adminQuery('TRUNCATE notes, idempotency_keys'));
afterAll(() => world.drop());

describe('an idempotency key', () => {
  test('runs once and then answers the same', async () => {
    expect(await addNote('k', 'b')).toEqual({ outcome: 'ran', answer: { id: 1 } });
    expect(await addNote('k', 'b')).toEqual({ outcome: 'replayed', answer: { id: 1 } });
    expect(await noteCount()).toBe(1);
  });

  test('with another body is a mismatch and does nothing', async () => {
    await addNote('k', 'b');
    expect(await addNote('k', 'c')).toEqual({ outcome: 'mismatch' });
    expect(await noteCount()).toBe(1);
  });

  test('belongs to its tenant and actor', async () => {
    await addNote('k', 'b');
    expect((await addNote('k', 'b', { actor: 'bob' })).outcome).toBe('ran');
    expect((await addNote('k', 'b', { as: newId(parseTenantId) })).outcome).toBe('ran');
  });

  test('of a transaction that rolled back is free again', async () => {
    await expect(addNote('k', 'b', { fail: true })).rejects.toThrow('not this time');
    expect(await addNote('k', 'b')).toEqual({ outcome: 'ran', answer: { id: 1 } });
  });

  test('raced by ten callers runs once, and all get the one answer', async () => {
    const outcomes = await Promise.all(Array.from({ length: 10 }, () => addNote('k', 'b')));
    expect(outcomes.filter((one) => one.outcome === 'ran')).toHaveLength(1);
    expect(outcomes.map((one) => 'answer' in one && one.answer)).toEqual(Array.from({ length: 10 }, () => ({ id: 1 })));
    expect(await noteCount()).toBe(1);
  });

  test('raced by callers of which some fail still runs to success exactly once', async () => {
    const outcomes = await Promise.allSettled(Array.from({ length: 10 }, (_, n) => addNote('k', 'b', { fail: n % 2 === 0 })));
    const values = outcomes.flatMap((one) => (one.status === 'fulfilled' ? [one.value.outcome] : []));
    expect(values.filter((one) => one === 'ran')).toHaveLength(1);
    expect(await noteCount()).toBe(1);
  });

  test('is forgotten after 24 hours, and swept for every tenant', async () => {
    await addNote('old', 'b');
    await addNote('new', 'b');
    await world.adminQuery("UPDATE idempotency_keys SET created_at = now() - interval '25 hours' WHERE key = 'old'");
    expect((await addNote('old', 'another body')).outcome).toBe('ran');
    await world.adminQuery("UPDATE idempotency_keys SET created_at = now() - interval '25 hours' WHERE key = 'old'");
    expect(await sweepIdempotencyKeys(world.relay, 100)).toBe(1);
    expect(await world.adminQuery('SELECT key FROM idempotency_keys')).toEqual([{ key: 'new' }]);
  });
});
