import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { describePackStore } from './conformance.ts';
import { MemoryStore } from './memory-store.ts';
import { mirror } from './mirror.ts';
import { PackIdentity, type PackId } from './pack-id.ts';
import type { PackStore } from './pack-store.ts';
import { StoreError } from './store-error.ts';
import { verify } from './verify.ts';

const signal = new AbortController().signal;
const ids = Array.from({ length: 6 }, () => PackIdentity.random().id).sort();
const bytesOf = (n: number): Uint8Array => Buffer.alloc(40 + n, n);

/** A store that can be out of reach, and whose packs can rot. */
class Side {
  isAway = false;
  readonly held = new MemoryStore();
  readonly store: PackStore;

  constructor() {
    const held = verify(this.held);
    const reach = <T>(call: () => Promise<T>): Promise<T> =>
      this.isAway ? Promise.reject(new StoreError('unavailable', 'it is away')) : call();
    this.store = {
      write: (id, bytes) => reach(() => held.write(id, bytes)),
      read: (id, range) => reach(() => held.read(id, range)),
      stat: (id) => reach(() => held.stat(id)),
      list: (page) => reach(() => held.list(page)),
      delete: (id) => reach(() => held.delete(id)),
    };
  }

  async rot(id: PackId): Promise<void> {
    const bytes = await this.held.read(id).catch(() => undefined);
    if (bytes === undefined) return;
    bytes[bytes.length - 1]! ^= 1;
    await this.held.delete(id);
    await this.held.write(id, [bytes]);
  }

  async has(id: PackId): Promise<boolean> {
    return (await this.held.list({ limit: 1_000 })).packs.some((pack) => pack.id === id);
  }
}

describePackStore('a mirror', async () => ({ store: mirror(new MemoryStore(), new MemoryStore()) }));
describePackStore('a mirror of which one lacks everything', async () => {
  const [first, second] = [new Side(), new Side()];
  const both = mirror(first.store, second.store);
  const alone =
    (side: Side): PackStore['write'] =>
    async (id, bytes) => {
      side.isAway = true;
      await both.write(id, bytes).finally(() => (side.isAway = false));
    };
  return { store: { ...both, write: alone(first) } };
});

const pack = fc.nat(ids.length - 1);
const act = fc.oneof(
  fc.record({ act: fc.constantFrom('write', 'delete', 'rot', 'repair'), pack, side: fc.nat(1) }),
  fc.record({ act: fc.constantFrom('away', 'back', 'resync'), pack, side: fc.nat(1) }),
);

test('whatever happens to one of two stores, what was written is read, what was removed is gone, and both end equal', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(act, { maxLength: 40 }), async (acts) => {
      const sides = [new Side(), new Side()] as const;
      const both = mirror(sides[0].store, sides[1].store);
      const kept = new Map<PackId, Uint8Array>();
      const spent = new Set<PackId>();
      // A repeated write is refused by who has other bytes.
      const rotten = new Set<PackId>();
      const settle = async (): Promise<void> => {
        for (const side of sides) side.isAway = false;
        await both.resync({ signal });
        for (const id of ids) await both.repair(id);
        rotten.clear();
      };
      for (const { act: what, pack: n, side } of acts) {
        const [id, other] = [ids[n]!, sides[1 - side]!];
        if (what === 'away' && !other.isAway) {
          // While one is away the other is all there is: it is whole before.
          await settle();
          sides[side]!.isAway = true;
        }
        if (what === 'back') sides[side]!.isAway = false;
        if (what === 'write' && !spent.has(id) && !rotten.has(id)) {
          await both.write(id, [bytesOf(n)]);
          kept.set(id, bytesOf(n));
        }
        if (what === 'delete') {
          spent.add(id);
          const isGone = await both.delete(id).then(
            () => true,
            () => false,
          );
          kept.delete(id);
          if (isGone) expect([await sides[0].has(id), await sides[1].has(id)]).toEqual([false, false]);
        }
        if (what === 'rot' && !sides.some(({ isAway }) => isAway)) {
          await settle();
          await sides[side]!.rot(id);
          rotten.add(id);
        }
        if (what === 'repair' && !sides.some(({ isAway }) => isAway)) await both.repair(id);
        if (what === 'resync') await both.resync({ signal }).catch(() => undefined);
        for (const [one, bytes] of kept) expect(Buffer.from(await both.read(one))).toEqual(bytes);
      }
      await settle();
      for (const id of spent) await both.delete(id);
      const listed = (store: PackStore) => store.list({ limit: 1_000 }).then(({ packs }) => packs.map((one) => one.id));
      const all = await Promise.all([sides[0].held, sides[1].held, both].map(listed));
      expect(all).toEqual(Array.from({ length: 3 }, () => [...kept.keys()].sort()));
    }),
    { numRuns: 150 },
  );
});

test('what is removed while it is copied does not come back, in whatever order the stores are asked', async () => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), fc.nat(1), async (scheduler, lacking) => {
      const held = [new MemoryStore(), new MemoryStore()] as const;
      const inTurn = (store: PackStore): PackStore => ({
        write: scheduler.scheduleFunction((id, bytes) => store.write(id, bytes)),
        read: scheduler.scheduleFunction((id, range) => store.read(id, range)),
        stat: scheduler.scheduleFunction((id) => store.stat(id)),
        list: scheduler.scheduleFunction((page) => store.list(page)),
        delete: scheduler.scheduleFunction((id) => store.delete(id)),
      });
      await held[1 - lacking]!.write(ids[0]!, [bytesOf(1)]);
      const both = mirror(inTurn(held[0]), inTurn(held[1]));
      const work = Promise.all([both.resync({ signal }), both.delete(ids[0]!)]);
      await scheduler.waitFor(work);
      for (const store of held) expect((await store.list({ limit: 10 })).packs).toEqual([]);
    }),
    { numRuns: 300 },
  );
});

test('a write that neither takes fails as the one that is out of reach did; one that was taken once is told of', async () => {
  const [first, second] = [new Side(), new Side()];
  const missed: unknown[] = [];
  const full = mirror(new MemoryStore(10), second.store, { missed: (id) => missed.push(id) });
  await full.write(ids[0]!, [bytesOf(1)]);
  expect(missed).toEqual([ids[0]]);
  second.isAway = true;
  await expect(full.write(ids[1]!, [bytesOf(2)])).rejects.toMatchObject({ kind: 'unavailable' });
  second.isAway = false;
  expect(await full.resync({ signal })).toEqual({ copied: 0, copiedBytes: 0, lacking: 1 });
  first.isAway = true;
  await expect(mirror(first.store, second.store).list({ limit: 1 })).rejects.toMatchObject({ kind: 'unavailable' });
  await expect(mirror(first.store, second.store).read(ids[5]!)).rejects.toMatchObject({ kind: 'unavailable' });
});

test('a store that is out of reach is not waited for again and again while the other answers', async () => {
  const [first, second] = [new Side(), new Side()];
  let asked = 0;
  let nowMs = 0;
  const counted: PackStore = {
    ...first.store,
    read: (id, range) => ((asked += 1), first.store.read(id, range)),
    write: (id, bytes) => ((asked += 1), first.store.write(id, bytes)),
  };
  const both = mirror(counted, second.store, { restMs: 100, nowMs: () => nowMs });
  first.isAway = true;
  for (const n of [0, 1, 2]) {
    await both.write(ids[n]!, [bytesOf(n)]);
    await both.read(ids[n]!);
  }
  expect(asked).toBe(1);
  // Nobody else answers: then it is asked all the same.
  second.isAway = true;
  first.isAway = false;
  await both.write(ids[3]!, [bytesOf(3)]);
  expect([asked, Buffer.from(await both.read(ids[3]!))]).toEqual([2, bytesOf(3)]);
  second.isAway = false;
  nowMs = 200;
  await both.write(ids[4]!, [bytesOf(4)]);
  expect([await first.has(ids[4]!), await second.has(ids[4]!)]).toEqual([true, true]);
  expect(await both.resync({ signal })).toMatchObject({ copied: 4, lacking: 0 });
});

test('a listing of many pages is that of both, in order, each once', async () => {
  await fc.assert(
    fc.asyncProperty(fc.subarray(ids), fc.subarray(ids), fc.integer({ min: 1, max: 4 }), async (mine, theirs, limit) => {
      const [first, second] = [new MemoryStore(), new MemoryStore()];
      for (const id of mine) await first.write(id, [bytesOf(1)]);
      for (const id of theirs) await second.write(id, [bytesOf(1)]);
      const found: PackId[] = [];
      const both = mirror(first, second);
      for (let after: PackId | undefined, pages = 0; pages < 20; pages += 1) {
        const page = await both.list({ limit, ...(after === undefined ? {} : { after }) });
        expect(page.packs.length).toBeLessThanOrEqual(limit);
        found.push(...page.packs.map(({ id }) => id));
        after = page.next;
        if (after === undefined) break;
      }
      expect(found).toEqual([...new Set([...mine, ...theirs])].sort());
    }),
    { numRuns: 60 },
  );
});
