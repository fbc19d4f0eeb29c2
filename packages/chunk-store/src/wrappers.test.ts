import { randomBytes } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { Registry } from 'prom-client';
import { MemoryStore, PackIdentity, StoreError, failAt, faulty, metered, retry, verify } from './index.ts';
import type { PackStore } from './index.ts';
import { flipped } from './testing/pack-fixture.ts';

const newId = () => PackIdentity.random().id;
const bytes = [randomBytes(1000)];

describe('verify', () => {
  test('finds every flipped bit and every cut of a whole read', async () => {
    const inner = new MemoryStore();
    const id = newId();
    await verify(inner).write(id, [Buffer.from('cipher'), Buffer.from('text')]);
    const stored = await inner.read(id);
    for (let at = 0; at < stored.length; at += 1) {
      const [damaged, cut] = [new MemoryStore(), new MemoryStore()];
      await damaged.write(id, [flipped(stored, at, 4)]);
      await cut.write(id, [stored.subarray(0, at)]);
      await expect(verify(damaged).read(id)).rejects.toMatchObject({ kind: 'corrupt', transient: false });
      await expect(verify(cut).read(id)).rejects.toMatchObject({ kind: 'corrupt' });
    }
  });
});

describe('retry', () => {
  /** A patient of its own clock: nothing waits for real. */
  function timed(store: PackStore, random = 1) {
    const clock = { nowMs: 0, waits: [] as number[] };
    const sleep = async (ms: number) => {
      clock.waits.push(ms);
      clock.nowMs += ms;
    };
    const bounds = { attempts: 5, firstDelayMs: 100, maxDelayMs: 300, deadlineMs: 650 };
    return { store: retry(store, { ...bounds, sleep, random: () => random, now: () => clock.nowMs }), clock };
  }

  test.each(['before', 'after'] as const)('makes a write that failed %s taking effect succeed', async (when) => {
    const inner = new MemoryStore();
    const id = newId();
    await timed(faulty(inner, failAt(1, when))).store.write(id, bytes);
    expect(Buffer.concat(bytes).equals(await inner.read(id))).toBe(true);
  });

  test('waits longer each time, up to a maximum, and stops at its deadline', async () => {
    const { store, clock } = timed(faulty(new MemoryStore(), () => 'before'));
    await expect(store.stat(newId())).rejects.toMatchObject({ kind: 'unavailable' });
    expect(clock.waits).toEqual([100, 200, 300]);
  });

  test('stops after its attempts', async () => {
    const { store, clock } = timed(
      faulty(new MemoryStore(), () => 'before'),
      0,
    );
    await expect(store.list({ limit: 1 })).rejects.toMatchObject({ kind: 'unavailable' });
    expect(clock.waits).toHaveLength(4);
  });

  test('repeats nothing that would fail again', async () => {
    const lasting = new StoreError('unavailable', 'x', { transient: false });
    for (const error of [new StoreError('full', 'x'), new StoreError('corrupt', 'x'), lasting]) {
      const { store, clock } = timed(
        faulty(
          new MemoryStore(),
          () => 'before',
          () => error,
        ),
      );
      await expect(store.delete(newId())).rejects.toBe(error);
      expect(clock.waits).toEqual([]);
    }
    const { store, clock } = timed(new MemoryStore());
    await expect(store.read(newId())).rejects.toMatchObject({ kind: 'not_found' });
    expect(clock.waits).toEqual([]);
  });
});

describe('metered', () => {
  test('counts calls by outcome, and bytes', async () => {
    const registry = new Registry();
    const store = metered(new MemoryStore(), { registry, pool: 'main' });
    metered(new MemoryStore(), { registry, pool: 'second' });
    const id = newId();
    await store.write(id, bytes);
    await store.read(id, { offset: 0, length: 10 });
    await expect(store.stat(newId())).rejects.toMatchObject({ kind: 'not_found' });
    const text = await registry.metrics();
    expect(text).toContain('driftbox_pack_store_bytes_total{pool="main",operation="write"} 1000');
    expect(text).toContain('driftbox_pack_store_bytes_total{pool="main",operation="read"} 10');
    expect(text).toMatch(/duration_seconds_count\{.*operation="stat".*not_found.*\} 1/);
    expect(text).not.toContain(id);
  });
});

describe('metered around verify', () => {
  test('counts packs that are lost or damaged, from none on', async () => {
    const registry = new Registry();
    const inner = new MemoryStore();
    const store = metered(verify(inner), { registry, pool: 'main' });
    const read = (outcome: string, count: number): RegExp =>
      new RegExp(`seconds_count\\{pool="main",operation="read",outcome="${outcome}"\\} ${count}$`, 'm');
    for (const outcome of ['not_found', 'corrupt']) expect(await registry.metrics()).toMatch(read(outcome, 0));
    const id = newId();
    await inner.write(id, [Buffer.from('no checksum of ours')]);
    await expect(store.read(id)).rejects.toMatchObject({ kind: 'corrupt' });
    await expect(store.read(newId())).rejects.toMatchObject({ kind: 'not_found' });
    for (const outcome of ['not_found', 'corrupt']) expect(await registry.metrics()).toMatch(read(outcome, 1));
  });
});

describe('a store that is full', () => {
  test('says so, and has room again after a delete', async () => {
    const store = new MemoryStore(1500);
    const [first, second] = [newId(), newId()];
    await store.write(first, bytes);
    await expect(store.write(second, bytes)).rejects.toMatchObject({ kind: 'full', transient: false });
    await store.delete(first);
    await store.write(second, bytes);
  });
});
