import { randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Registry } from 'prom-client';
import {
  MemoryStore,
  PackIdentity,
  StoreError,
  dieAt,
  failAt,
  faulty,
  hedged,
  listPacks,
  metered,
  neverFail,
  retry,
  verify,
} from './index.ts';
import type { PackId, PackStore } from './index.ts';
import { gather } from './testing/pack-fixture.ts';

const newId = () => PackIdentity.random().id;
const id = newId();
const bytes = randomBytes(40);

/** Every call of a store, by name. */
const calls: Readonly<Record<string, (store: PackStore) => Promise<unknown>>> = {
  write: (store) => store.write(newId(), [bytes]),
  read: (store) => store.read(id),
  range: (store) => store.read(id, { offset: 1, length: 5 }),
  stat: (store) => store.stat(id),
  list: (store) => store.list({ limit: 5 }),
  delete: (store) => store.delete(newId()),
};
const names = Object.keys(calls);

async function held(): Promise<MemoryStore> {
  const store = new MemoryStore();
  await store.write(id, [bytes]);
  return store;
}

describe('a verified pack', () => {
  test('lies behind DBV1 and the CRC-32 of its bytes, whatever the pieces it came in', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 9 }), { maxLength: 6 }), async (pieces) => {
        const inner = new MemoryStore();
        await verify(inner).write(id, pieces);
        const whole = Buffer.concat(pieces);
        const stored = Buffer.from(await inner.read(id));
        expect([stored.toString('latin1', 0, 4), stored.readUInt32BE(4)]).toEqual(['DBV1', crc32(whole)]);
        expect(stored.subarray(8)).toEqual(whole);
        expect(Buffer.from(await verify(inner).read(id))).toEqual(whole);
      }),
    );
  });

  test.each([0, 1, 7])('of which only %i bytes are there is corrupt, and has no size below zero', async (length) => {
    const inner = new MemoryStore();
    await inner.write(id, [Buffer.from('DBV1xxxx').subarray(0, length)]);
    const store = verify(inner);
    await expect(store.read(id)).rejects.toMatchObject({ kind: 'corrupt', transient: false, message: expect.stringContaining(id) });
    expect(await store.stat(id)).toEqual({ id, sizeBytes: 0 });
    expect(await store.list({ limit: 1 })).toEqual({ packs: [{ id, sizeBytes: 0 }] });
    expect(await store.read(id, { offset: 0, length: 9 })).toHaveLength(0);
  });

  test('with another mark in front is corrupt though its sum is right', async () => {
    const inner = new MemoryStore();
    const sum = Buffer.alloc(4);
    sum.writeUInt32BE(crc32(bytes));
    for (const mark of ['DBV2', 'dbv1', '\0\0\0\0']) {
      const other = newId();
      await inner.write(other, [Buffer.from(mark), sum, bytes]);
      await expect(verify(inner).read(other)).rejects.toMatchObject({ kind: 'corrupt' });
    }
  });

  test('is listed page by page as without it', async () => {
    const inner = new MemoryStore();
    const ids = Array.from({ length: 5 }, newId).sort();
    for (const one of ids) await verify(inner).write(one, [bytes]);
    const page = await verify(inner).list({ after: ids[0], limit: 2 });
    expect(page).toEqual({ packs: [ids[1], ids[2]].map((one) => ({ id: one, sizeBytes: 40 })), next: ids[2] });
    expect(await gather(listPacks(verify(inner)))).toEqual(ids.map((one) => ({ id: one, sizeBytes: 40 })));
  });
});

describe.each(['verify', 'retry', 'hedged', 'metered'])('%s', (name) => {
  const wrap = (store: PackStore): PackStore => {
    if (name === 'verify') return verify(store);
    if (name === 'retry') return retry(store, { sleep: async () => {} });
    return name === 'hedged' ? hedged(store) : metered(store, { registry: new Registry(), pool: 'x' });
  };

  test.each(names)('hands on what is thrown by %s, as it is', async (call) => {
    for (const error of [new StoreError('corrupt', 'x'), new StoreError('full', 'x'), new TypeError('a mistake')]) {
      const store = wrap(
        faulty(
          await held(),
          () => 'before',
          () => error as StoreError,
        ),
      );
      await expect(calls[call]?.(store)).rejects.toBe(error);
    }
  });
});

describe('retry', () => {
  const options = { attempts: 6, firstDelayMs: 100, maxDelayMs: 1_000, deadlineMs: 2_000 };

  test.each(names)('repeats %s as often as it has to and no more often', async (call) => {
    for (let failures = 0; failures < 8; failures += 1) {
      let asked = 0;
      const store = retry(
        faulty(await held(), () => ((asked += 1) <= failures ? 'before' : undefined)),
        { ...options, sleep: async () => {}, random: () => 0, now: () => 0 },
      );
      const outcome = await calls[call]?.(store).then(
        () => 'done',
        (error: StoreError) => error.kind,
      );
      expect([outcome, asked]).toEqual(failures < 6 ? ['done', failures + 1] : ['unavailable', 6]);
    }
  });

  test('waits a random part of twice as long each time, and begins nothing beyond the deadline', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 5, maxLength: 5 }), async (parts) => {
        const waits: number[] = [];
        let nowMs = 0;
        const sleep = async (ms: number): Promise<void> => {
          waits.push(ms);
          nowMs += ms;
        };
        let drawn = 0;
        const random = (): number => parts[drawn++ % 5] ?? 0;
        const store = retry(
          faulty(await held(), () => 'before'),
          { ...options, sleep, random, now: () => nowMs },
        );
        await expect(store.stat(id)).rejects.toMatchObject({ kind: 'unavailable' });
        expect(waits).toEqual(waits.map((_, n) => (parts[n] ?? 0) * Math.min(1_000, 100 * 2 ** n)));
        expect(nowMs).toBeLessThanOrEqual(2_000);
        const nextMs = (parts[waits.length] ?? 0) * Math.min(1_000, 100 * 2 ** waits.length);
        expect(waits.length === 5 || nowMs + nextMs > 2_000).toBe(true);
      }),
    );
  });

  test('begins at the deadline and not after it', async () => {
    const at = async (deadlineMs: number): Promise<string> => {
      const store = retry(faulty(await held(), failAt(1)), {
        ...options,
        deadlineMs,
        sleep: async () => {},
        random: () => 1,
        now: () => 0,
      });
      return store.stat(id).then(
        () => 'done',
        () => 'failed',
      );
    };
    expect([await at(100), await at(99)]).toEqual(['done', 'failed']);
  });
});

describe('metered', () => {
  test.each([
    [new StoreError('full', 'x'), 'full'],
    [new StoreError('corrupt', 'x'), 'corrupt'],
    [new StoreError('unavailable', 'x'), 'unavailable'],
    [new TypeError('a mistake'), 'unexpected'],
  ])('counts %s as %s, under the name of each call, and none of its bytes', async (error, outcome) => {
    const registry = new Registry();
    const store = metered(
      faulty(
        await held(),
        () => 'before',
        () => error as StoreError,
      ),
      { registry, pool: 'p' },
    );
    for (const name of names) await calls[name]?.(store).catch(() => undefined);
    const text = await registry.metrics();
    const counts = [...text.matchAll(/seconds_count\{(.*)\} ([1-9]\d*)/g)].map(([, labels, count]) => `${labels} ${count}`).sort();
    const expected = [
      ['delete', 1],
      ['list', 1],
      ['read', 2],
      ['stat', 1],
      ['write', 1],
    ] as const;
    expect(counts).toEqual(expected.map(([operation, count]) => `pool="p",operation="${operation}",outcome="${outcome}" ${count}`).sort());
    expect(text).not.toMatch(/bytes_total\{/);
  });

  test('counts the bytes that came, not those that were asked for', async () => {
    const registry = new Registry();
    const store = metered(await held(), { registry, pool: 'p' });
    await store.read(id, { offset: 30, length: 100 });
    await store.write(newId(), [bytes.subarray(0, 3), new Uint8Array(0), bytes.subarray(3, 5)]);
    const text = await registry.metrics();
    expect(text).toContain('bytes_total{pool="p",operation="read"} 10');
    expect(text).toContain('bytes_total{pool="p",operation="write"} 5');
  });
});

describe('a store with planned faults', () => {
  test.each([
    ['none', neverFail, [true, true, true, true]],
    ['at the second', failAt(2), [true, false, true, true]],
    ['from the second on', dieAt(2), [true, false, false, false]],
    ['from the first on, after it', dieAt(1, 'after'), [false, false, false, false]],
  ] as const)('fails %s', async (_name, plan, expected) => {
    const store = faulty(new MemoryStore(), plan);
    const ids = Array.from({ length: 4 }, newId);
    const seen = [];
    for (const one of ids)
      seen.push(
        await store.write(one, [bytes]).then(
          () => true,
          () => false,
        ),
      );
    expect(seen).toEqual(expected);
  });

  test.each([
    ['before', 0],
    ['after', 1],
  ] as const)('that fail %s a write took effect leave %i packs', async (when, count) => {
    const inner = new MemoryStore();
    await expect(faulty(inner, failAt(1, when)).write(id, [bytes])).rejects.toMatchObject({ kind: 'unavailable', transient: true });
    expect((await inner.list({ limit: 5 })).packs).toHaveLength(count);
  });
});

describe('a store in memory', () => {
  test('takes exactly what it has room for, counts a repeated write once, and gives back what is deleted', async () => {
    const store = new MemoryStore(80);
    const [first, second, third] = [newId(), newId(), newId()] as [PackId, PackId, PackId];
    await store.write(first, [bytes]);
    await store.write(first, [bytes]);
    await store.write(second, [bytes]);
    await expect(store.write(third, [bytes.subarray(0, 1)])).rejects.toMatchObject({ kind: 'full' });
    await store.write(third, []);
    await store.delete(newId());
    await store.delete(first);
    await expect(store.write(first, [bytes, Buffer.alloc(1)])).rejects.toMatchObject({ kind: 'full' });
    await store.write(first, [bytes]);
    expect((await gather(listPacks(store))).map(({ sizeBytes }) => sizeBytes).sort((a, b) => a - b)).toEqual([0, 40, 40]);
  });

  test('is listed by pages of a thousand to the last pack', async () => {
    const store = new MemoryStore();
    const ids = Array.from({ length: 2_001 }, newId).sort();
    for (const one of ids) await store.write(one, []);
    let pages = 0;
    const counted = new Proxy<PackStore>(store, {
      get: (_, name) => (name === 'list' ? (...page: Parameters<PackStore['list']>) => ((pages += 1), store.list(...page)) : undefined),
    });
    expect((await gather(listPacks(counted))).map((pack) => pack.id)).toEqual(ids);
    expect(pages).toBe(3);
  });
});
