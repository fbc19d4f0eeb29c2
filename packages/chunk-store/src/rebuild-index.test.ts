import { randomBytes } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { MemoryStore, PackBatcher, StoreError, readFrame, readIndex, verify } from './index.ts';
import type { DataKey, FrameLocation, PackIndex, PackStore } from './index.ts';
import { chunkOf, defined, newKey } from './testing/pack-fixture.ts';

/** Finds whose a pack is by trying every tenant's keys: only the right one opens its footer. */
async function indexOf(store: PackStore, id: Parameters<PackStore['stat']>[0], keys: readonly DataKey[]) {
  const tenants = new Set(keys.map((key) => key.tenant));
  for (const tenant of tenants) {
    const keyOf = (generation: number): DataKey => {
      const key = keys.find((candidate) => candidate.tenant === tenant && candidate.generation === generation);
      if (key === undefined) throw new StoreError('not_found', 'no such generation');
      return key;
    };
    const index = await readIndex(store, id, keyOf).catch((error: unknown) => {
      if (error instanceof StoreError && error.kind !== 'unavailable') return undefined;
      throw error;
    });
    if (index !== undefined) return { tenant, index };
  }
  return undefined;
}

async function rebuild(store: PackStore, keys: readonly DataKey[]): Promise<Map<string, PackIndex[]>> {
  const found = new Map<string, PackIndex[]>();
  let page = await store.list({ limit: 3 });
  for (;;) {
    for (const { id } of page.packs) {
      const owned = await indexOf(store, id, keys);
      if (owned !== undefined) found.set(owned.tenant, [...(found.get(owned.tenant) ?? []), owned.index]);
    }
    if (page.next === undefined) return found;
    page = await store.list({ after: page.next, limit: 3 });
  }
}

const byPlace = (a: FrameLocation, b: FrameLocation) => `${a.packId}${a.offset}`.localeCompare(`${b.packId}${b.offset}`);

describe('the index of a pool', () => {
  test('is rebuilt from the packs and the data keys alone, over tenants and generations', async () => {
    const store = verify(new MemoryStore());
    const batcher = new PackBatcher(store, { aloneBytes: 3000 });
    const first = newKey(1);
    const keys = [first, { ...newKey(2), tenant: first.tenant }, newKey(5)];
    const kept = new Map<string, FrameLocation[]>();
    const plains = new Map<string, Buffer>();
    for (const key of keys) {
      for (let request = 0; request < 4; request += 1) {
        const contents = [10, 2000, 3000, 5000].map((size) => randomBytes(size));
        const locations = await batcher.add(
          key,
          contents.map((plain) => chunkOf(plain)),
        );
        kept.set(key.tenant, [...(kept.get(key.tenant) ?? []), ...locations]);
        for (const [i, { digest }] of locations.entries()) plains.set(digest, defined(contents[i]));
      }
    }
    const rebuilt = await rebuild(store, keys);
    expect([...rebuilt.keys()].sort()).toEqual([...kept.keys()].sort());
    for (const [tenant, indexes] of rebuilt) {
      const frames = indexes.flatMap((index) => index.frames);
      expect(frames.sort(byPlace)).toEqual(defined(kept.get(tenant)).sort(byPlace));
      for (const frame of frames) {
        const key = defined(keys.find((candidate) => candidate.tenant === tenant && candidate.generation === frame.generation));
        expect(defined(plains.get(frame.digest)).equals(await readFrame(store, key, frame))).toBe(true);
      }
    }
  });

  test('of a tenant whose key is destroyed cannot be', async () => {
    const store = new MemoryStore();
    const [kept, destroyed] = [newKey(), newKey()];
    const batcher = new PackBatcher(store);
    await batcher.add(kept, [chunkOf(randomBytes(10))]);
    await batcher.add(destroyed, [chunkOf(randomBytes(10))]);
    expect([...(await rebuild(store, [kept])).keys()]).toEqual([kept.tenant]);
  });
});
