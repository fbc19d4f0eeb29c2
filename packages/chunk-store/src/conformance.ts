import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { MemoryStore } from './memory-store.ts';
import { PackIdentity } from './pack-id.ts';
import { flipped } from './testing/pack-fixture.ts';
import type { PackId } from './pack-id.ts';
import type { PackStore } from './pack-store.ts';
import { StoreError } from './store-error.ts';

export { describeKeyManager, type KeyManagerUnderTest } from './keys/key-manager-conformance.ts';

type StepOf<A> = A extends fc.Arbitrary<infer Step> ? Step : never;

/** A store to be tried, empty, and how to be rid of it. */
export type StoreUnderTest = { readonly store: PackStore; readonly dispose?: () => Promise<void> };

/** What every `PackStore` promises, wrapped or not. A new implementation's own test needs only this call. */
export function describePackStore(name: string, make: () => Promise<StoreUnderTest>): void {
  describe(name, () => {
    let held: StoreUnderTest;
    let store: PackStore;
    beforeEach(async () => {
      held = await make();
      store = held.store;
    });
    afterEach(() => held.dispose?.());

    const newId = () => PackIdentity.random().id;
    const bytes = randomBytes(100_000);

    test('reads back what was written, in one piece or thousands', async () => {
      const [one, many] = [newId(), newId()];
      await store.write(one, [bytes]);
      await store.write(
        many,
        Array.from({ length: 3000 }, (_, i) => bytes.subarray(i * 20, i * 20 + 20)),
      );
      expect(bytes.equals(await store.read(one))).toBe(true);
      expect(bytes.subarray(0, 60_000).equals(await store.read(many))).toBe(true);
      expect(await store.stat(one)).toEqual({ id: one, sizeBytes: bytes.length });
    });

    test('reads ranges, shorter ones where the pack ends', async () => {
      const id = newId();
      await store.write(id, [bytes.subarray(0, 5), new Uint8Array(0), bytes.subarray(5)]);
      for (const [offset, length] of [
        [0, 10],
        [3, 4],
        [50_000, 1],
        [99_990, 100],
        [100_000, 5],
        [200_000, 5],
        [7, 0],
      ] as const) {
        expect(Buffer.from(await store.read(id, { offset, length }))).toEqual(bytes.subarray(offset, offset + length));
      }
    });

    test('says not_found of what is not there', async () => {
      const id = newId();
      await expect(store.read(id)).rejects.toMatchObject({ name: 'StoreError', kind: 'not_found', transient: false });
      await expect(store.read(id, { offset: 0, length: 1 })).rejects.toMatchObject({ kind: 'not_found' });
      await expect(store.stat(id)).rejects.toMatchObject({ kind: 'not_found' });
    });

    test('takes the same bytes again and refuses others', async () => {
      const id = newId();
      await store.write(id, [bytes]);
      await store.write(id, [bytes.subarray(0, 10), bytes.subarray(10)]);
      await expect(store.write(id, [flipped(bytes, 77)])).rejects.toMatchObject({ kind: 'corrupt' });
      await expect(store.write(id, [bytes.subarray(1)])).rejects.toMatchObject({ kind: 'corrupt' });
      expect(bytes.equals(await store.read(id))).toBe(true);
    });

    test('deletes, also what is not there', async () => {
      const id = newId();
      await store.write(id, [bytes]);
      await store.delete(id);
      await store.delete(id);
      await expect(store.read(id)).rejects.toMatchObject({ kind: 'not_found' });
      expect(await store.list({ limit: 10 })).toEqual({ packs: [] });
    });

    test('lists every pack once, in order, page by page', async () => {
      const ids = Array.from({ length: 25 }, newId).sort();
      await Promise.all(ids.map((id, i) => store.write(id, [bytes.subarray(0, i + 1)])));
      for (const limit of [1, 7, 25, 1000]) {
        const seen = [];
        let page = await store.list({ limit });
        for (;;) {
          expect(page.packs.length).toBeLessThanOrEqual(limit);
          seen.push(...page.packs);
          if (page.next === undefined) break;
          page = await store.list({ after: page.next, limit });
        }
        expect(seen).toEqual(ids.map((id, i) => ({ id, sizeBytes: i + 1 })));
      }
    });

    test('behaves as a plain map would, whatever is done to it in whatever order', async () => {
      const ids = ['00a', '00b', '0f0', 'ff0', 'ff1'].map((start) => start.padEnd(32, '0') as PackId);
      const step = fc.record({
        act: fc.constantFrom('write', 'read', 'range', 'stat', 'list', 'delete'),
        id: fc.constantFrom(...ids),
        content: fc.uint8Array({ maxLength: 4 }),
        number: fc.nat(5),
      });
      const perform = async (on: PackStore, { act, id, content, number }: StepOf<typeof step>): Promise<unknown> => {
        if (act === 'write') return on.write(id, [content.subarray(0, 1), content.subarray(1)]);
        if (act === 'read') return Buffer.from(await on.read(id)).toString('hex');
        if (act === 'range') return Buffer.from(await on.read(id, { offset: number, length: 2 })).toString('hex');
        if (act === 'stat') return on.stat(id);
        if (act === 'list') return on.list(number % 2 === 0 ? { limit: number + 1 } : { after: id, limit: number });
        return on.delete(id);
      };
      const outcome = (on: PackStore, taken: StepOf<typeof step>): Promise<unknown> =>
        perform(on, taken).catch((error: unknown) => (error instanceof StoreError ? error.kind : Promise.reject(error as Error)));
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
          const model = new MemoryStore();
          for (const taken of steps) expect(await outcome(store, taken)).toEqual(await outcome(model, taken));
          for (const id of ids) await store.delete(id);
        }),
        { numRuns: 15 },
      );
    });

    test('keeps its own copy of what it was given and hands out copies', async () => {
      const id = newId();
      const given = Buffer.from('given');
      await store.write(id, [given]);
      given.fill(0);
      (await store.read(id)).fill(0);
      expect(Buffer.from(await store.read(id)).toString()).toBe('given');
    });
  });
}
