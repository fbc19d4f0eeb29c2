import { randomBytes, randomUUID } from 'node:crypto';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { startFaultProxy, testComponent, type FaultProxy } from '@driftbox/testkit';
import { PackIdentity, createS3Bucket, hedged, openS3Store, retry } from '../index.ts';
import type { S3Store, S3StoreOptions } from '../index.ts';

const s3 = testComponent('s3');
const bucket = `faults-${randomUUID()}`;
const bytes = randomBytes(300_000);
const newId = () => PackIdentity.random().id;

let proxy: FaultProxy;
let stores: S3Store[];
beforeAll(() => createS3Bucket({ ...s3, bucket }));
beforeEach(async () => {
  const { hostname, port } = new URL(s3.endpoint);
  proxy = await startFaultProxy({ host: hostname, port: Number(port) });
  stores = [];
});
afterEach(async () => {
  for (const store of stores) store.close();
  await proxy.close();
});

async function open(options: Partial<S3StoreOptions> = {}): Promise<S3Store> {
  const endpoint = `http://${proxy.host}:${proxy.port}`;
  const store = await openS3Store({ ...s3, endpoint, bucket, prefix: `${randomUUID()}/`, maxConnections: 2, ...options });
  stores.push(store);
  return store;
}

/** Retries at once, after lifting the fault: the first try meets it, the second does not. */
const patient = (store: S3Store) => retry(store, { sleep: async () => proxy.set({}) });

describe('S3 over a broken network', () => {
  test.each([1, 1_000, 150_000, 299_000])(
    'a write cut off after %i bytes of it leaves no half pack, and is done by its retry',
    async (at) => {
      const store = await open();
      const id = newId();
      proxy.set({ cutAfterSentBytes: at });
      await expect(store.write(id, [bytes])).rejects.toMatchObject({ kind: 'unavailable', transient: true });
      proxy.set({});
      const held = await store.stat(id).catch((error: { kind: string }) => error.kind);
      expect([{ id, sizeBytes: bytes.length }, 'not_found']).toContainEqual(held);
      proxy.set({ cutAfterSentBytes: at });
      await patient(store).write(id, [bytes]);
      expect(bytes.equals(await store.read(id))).toBe(true);
    },
  );

  test('a write whose answer is lost has happened, and its retry finds that', async () => {
    const store = await open();
    const id = newId();
    proxy.set({ cutAfterBytes: 1 });
    await expect(store.write(id, [bytes])).rejects.toMatchObject({ transient: true });
    proxy.set({});
    await store.write(id, [bytes]);
    expect(bytes.equals(await store.read(id))).toBe(true);
  });

  test('a pack in parts survives a cut in the middle, and no half pack is seen', async () => {
    const store = await open({ partBytes: 5 << 20 });
    const id = newId();
    const large = randomBytes(12 << 20);
    proxy.set({ cutAfterSentBytes: 3 << 20 });
    await expect(store.write(id, [large])).rejects.toMatchObject({ transient: true });
    proxy.set({});
    await expect(store.stat(id)).rejects.toMatchObject({ kind: 'not_found' });
    await store.write(id, [large]);
    expect(large.equals(await store.read(id))).toBe(true);
  });

  test.each([1, 1_500, 100_000])('a read cut off after %i bytes is a transient failure, never a short pack', async (at) => {
    const store = await open();
    const id = newId();
    await store.write(id, [bytes]);
    proxy.set({ cutAfterBytes: at });
    await expect(store.read(id)).rejects.toMatchObject({ kind: 'unavailable', transient: true });
    await expect(store.read(id, { offset: 10, length: 200_000 })).rejects.toMatchObject({ kind: 'unavailable', transient: true });
    expect(bytes.equals(await patient(store).read(id))).toBe(true);
  });

  test('a server that falls silent is given up after the idle time, and its connections with it', async () => {
    // Longer than a busy machine keeps an answer waiting.
    const store = await open({ idleTimeoutMs: 1_000, maxConnections: 1 });
    const id = newId();
    await store.write(id, [bytes]);
    proxy.set({ stalled: true });
    for (let n = 0; n < 3; n += 1) await expect(store.read(id)).rejects.toMatchObject({ kind: 'unavailable', transient: true });
    proxy.cut();
    proxy.set({});
    expect(bytes.equals(await store.read(id))).toBe(true);
  });

  test('a call ends at its deadline, waiting for a connection included', async () => {
    const store = await open({ callTimeoutMs: 200, idleTimeoutMs: 60_000, maxConnections: 1 });
    proxy.set({ stalled: true });
    const calls = [store.stat(newId()), store.stat(newId()), store.list({ limit: 1 })];
    const outcomes = await Promise.allSettled(calls);
    for (const outcome of outcomes) expect(outcome).toMatchObject({ status: 'rejected', reason: { kind: 'unavailable', transient: true } });
  });

  test('one slow connection does not make a hedged read slow', async () => {
    const store = await open({ maxConnections: 4 });
    const id = newId();
    await store.write(id, [bytes]);
    // Every connection that is open breaks; the first that replaces them is the slow one.
    proxy.cut();
    proxy.setForNext(1, { stalled: true });
    const wrapped = hedged(retry(store, { sleep: async () => {} }), { afterMs: 50 });
    expect(bytes.equals(await wrapped.read(id))).toBe(true);
    proxy.cut();
  });

  test('more calls than connections wait their turn', async () => {
    const store = await open({ maxConnections: 2 });
    const before = proxy.seen.connections;
    const ids = Array.from({ length: 20 }, newId);
    await Promise.all(ids.map((id) => store.write(id, [bytes.subarray(0, 1000)])));
    expect(proxy.seen.connections - before).toBeLessThanOrEqual(2);
    expect((await store.list({ limit: 100 })).packs).toHaveLength(20);
  });
});
