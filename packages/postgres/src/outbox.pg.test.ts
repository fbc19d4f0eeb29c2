import { once } from 'node:events';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { parseTenantId } from '@driftbox/domain';
import { createTestDatabase, newId, scriptProcess, waitFor, type TestDatabase } from '@driftbox/testkit';
import { appendOutbox, publishOutbox, startOutboxRelay, type OutboxRelay, type OutboxRelayOptions, type PublishedEvent } from './index.ts';

let world: TestDatabase;
let relays: OutboxRelay[] = [];
let published: PublishedEvent[] = [];
const tenant = newId(parseTenantId);

beforeAll(async () => {
  world = await createTestDatabase({ service: 'notes', migrations: new URL('./testing/migrations/', import.meta.url) });
});
beforeEach(async () => {
  published = [];
  await world.adminQuery('TRUNCATE outbox, outbox_lease');
});
afterEach(async () => {
  await Promise.all(relays.map((relay) => relay.stop()));
  relays = [];
});
afterAll(() => world.drop());

const record = async (_topic: string, _key: string, event: PublishedEvent): Promise<void> => void published.push(event);
const relay = (options: Partial<OutboxRelayOptions> = {}): OutboxRelay => {
  const started = startOutboxRelay({
    database: world.relay,
    source: '/services/notes',
    publish: record,
    pollMs: 20,
    lingerMs: 1,
    onError: () => {},
    ...options,
  });
  relays.push(started);
  return started;
};
const append = (data: unknown, key = 'k'): Promise<string> =>
  world.database.transaction(tenant, async (tx) => appendOutbox(tx, { topic: 'driftbox.test', key, type: 'test.done', data }));
const waitingRows = async (): Promise<unknown> => (await world.relay.query('SELECT count(*) AS n FROM outbox')).rows[0]?.['n'];
const data = (): unknown[] => published.map((event) => event.data);

describe('the outbox', () => {
  test('of a service is published in its name where it has a bus and a database to relay from, and else not', async () => {
    const [log, bus] = [{ warn: () => {} }, { publish: record }];
    expect([publishOutbox('notes', { bus, log }), publishOutbox('notes', { relayDatabase: world.relay, log })]).toEqual([
      undefined,
      undefined,
    ]);
    await append('mine');
    const started = publishOutbox('notes', { relayDatabase: world.relay, bus, log });
    if (started !== undefined) relays.push(started);
    await waitFor(async () => (await waitingRows()) === 0);
    expect(published).toMatchObject([{ source: '/services/notes', data: 'mine' }]);
  });

  test('publishes what was committed as a CloudEvent, and forgets it', async () => {
    const id = await append({ a: 1 });
    relay();
    await waitFor(async () => (await waitingRows()) === 0);
    const { time, ...event } = published[0] ?? { time: '' };
    expect(event).toEqual({
      specversion: '1.0',
      id,
      source: '/services/notes',
      type: 'test.done',
      datacontenttype: 'application/json',
      tenant,
      partitionkey: 'k',
      data: { a: 1 },
    });
    expect(Date.parse(time)).toBeGreaterThan(Date.UTC(2020, 0, 1));
    expect(published).toHaveLength(1);
  });

  test('publishes nothing of a transaction that rolled back', async () => {
    relay();
    const failed = world.database.transaction(tenant, async (tx) => {
      appendOutbox(tx, { topic: 't', key: 'k', type: 't', data: 'never' });
      throw new Error('no');
    });
    await expect(failed).rejects.toThrow('no');
    await append('after');
    await waitFor(() => published.length > 0);
    expect(data()).toEqual(['after']);
  });

  test('a transaction that commits late loses nothing, though its rows have smaller ids', async () => {
    relay();
    const hold = Promise.withResolvers<void>();
    const appended = Promise.withResolvers<void>();
    const late = world.database.transaction(tenant, async (tx) => {
      appendOutbox(tx, { topic: 't', key: 'late', type: 't', data: 'late' });
      await tx.query('SELECT 1');
      appended.resolve();
      await hold.promise;
    });
    await appended.promise;
    await append('early', 'early');
    await waitFor(() => data().includes('early'));
    await waitFor(async () => (await waitingRows()) === 0);
    hold.resolve();
    await late;
    await waitFor(() => data().includes('late'));
    expect(data()).toEqual(['early', 'late']);
  });

  test('keeps the order of each key over many batches and keys', async () => {
    for (let n = 0; n < 60; n += 1) {
      await world.database.transaction(tenant, async (tx) => {
        for (const key of ['a', 'b', 'c']) appendOutbox(tx, { topic: 't', key, type: 't', data: n });
      });
    }
    relay({ batchSize: 7 });
    await waitFor(async () => (await waitingRows()) === 0);
    for (const key of ['a', 'b', 'c']) {
      expect(published.filter((event) => event.partitionkey === key).map((event) => event.data)).toEqual(
        Array.from({ length: 60 }, (_, n) => n),
      );
    }
  });

  test('a failed publish holds back its key only, and is tried again in order', async () => {
    for (const n of [1, 2, 3]) await append(n, 'bad');
    await append('fine', 'good');
    let failures = 2;
    relay({
      publish: async (topic, key, event) => {
        if (key === 'bad' && event.data === 2 && failures-- > 0) throw new Error('bus down');
        await record(topic, key, event);
      },
    });
    await waitFor(async () => (await waitingRows()) === 0);
    expect(published.filter((event) => event.partitionkey === 'bad').map((event) => event.data)).toEqual([1, 2, 3]);
    expect(data().indexOf('fine')).toBeLessThan(data().indexOf(2));
  });

  test('a relay that dies after publishing and before deleting means a repetition, not a loss', async () => {
    const id = await append('once or twice');
    await world.adminQuery('REVOKE DELETE ON outbox FROM notes_relay');
    const dying = relay();
    await waitFor(() => published.length > 0);
    await dying.stop();
    relays = [];
    await world.adminQuery('GRANT DELETE ON outbox TO notes_relay');
    relay();
    await waitFor(async () => (await waitingRows()) === 0);
    expect(published.length).toBeGreaterThanOrEqual(2);
    expect(new Set(published.map((event) => event.id))).toEqual(new Set([id]));
  });

  test('one relay at a time: the second waits until the lease is given up', async () => {
    const by: string[] = [];
    const first = relay({ publish: async () => void by.push('first') });
    await append(1);
    await waitFor(() => by.length === 1);
    relay({ publish: async () => void by.push('second') });
    await append(2);
    await waitFor(() => by.length === 2);
    expect(by).toEqual(['first', 'first']);
    await first.stop();
    await append(3);
    await waitFor(() => by.length === 3);
    expect(by[2]).toBe('second');
  });

  test('a relay that follows tells the leading one of what its own process appended', async () => {
    const noPoll = { pollMs: 600_000, leaseMs: 1_800_000 };
    relay(noPoll);
    await append('first');
    await waitFor(() => published.length === 1);
    await waitFor(async () => (await waitingRows()) === 0);
    const script = `import { appendOutbox, createDatabase, relayRole, startOutboxRelay } from '@driftbox/postgres';
      const own = ${JSON.stringify(world.connectionOf('notes'))};
      const open = (user) => createDatabase({ ...own, user, applicationName: 'elsewhere' });
      const [service, relay] = [open('notes'), open(relayRole('notes'))];
      const follower = startOutboxRelay({ database: relay, source: '/', publish: () => { throw new Error('not mine'); },
        ...${JSON.stringify(noPoll)}, onError: (error) => { throw error; } });
      await service.transaction('${tenant}', async (tx) => appendOutbox(tx, { topic: 't', key: 'k', type: 't', data: 'elsewhere' }));
      await follower.stop();
      await Promise.all([service.close(), relay.close()]);`;
    const child = scriptProcess(script, import.meta.dirname);
    const [code] = (await once(child, 'exit')) as [number];
    expect(code).toBe(0);
    await waitFor(() => data().includes('elsewhere'));
  });

  test("a lease of one that died before the clock was set back is taken when a lease's time has passed, not a day later", async () => {
    await world.adminQuery(
      "INSERT INTO outbox_lease (key_range, holder, fence, expires_at) VALUES (0, gen_random_uuid(), 7, now() + interval '1 day')",
    );
    await append('waiting');
    relay();
    await waitFor(() => published.length === 1);
    await waitFor(async () => (await waitingRows()) === 0);
  });

  test('a relay whose lease was taken meanwhile cannot delete', async () => {
    await append('contested');
    const taken = Promise.withResolvers<void>();
    const old = relay({
      pollMs: 60_000,
      publish: async (topic, key, event) => {
        await record(topic, key, event);
        await world.adminQuery(
          "UPDATE outbox_lease SET holder = gen_random_uuid(), fence = fence + 1, expires_at = now() + interval '15 seconds'",
        );
        taken.resolve();
      },
    });
    await taken.promise;
    await old.stop();
    expect(await waitingRows()).toBe(1);
  });

  test('is woken at once by this process, long before its poll', async () => {
    relay({ pollMs: 600_000, leaseMs: 1_800_000 });
    await append('first');
    await waitFor(() => published.length === 1);
    await waitFor(async () => (await waitingRows()) === 0);
    await append('second');
    await waitFor(() => published.length === 2);
  });
});
