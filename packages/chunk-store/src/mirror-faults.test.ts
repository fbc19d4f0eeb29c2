import { describe, expect, test } from '@jest/globals';
import { faulty } from './faulty.ts';
import { MemoryStore } from './memory-store.ts';
import { mirror } from './mirror.ts';
import { PackIdentity, type PackId } from './pack-id.ts';
import type { PackStore } from './pack-store.ts';
import { StoreError, type StoreErrorKind } from './store-error.ts';
import { verify } from './verify.ts';

const signal = new AbortController().signal;
const ids = Array.from({ length: 5 }, () => PackIdentity.random().id).sort();
const [one, two, both, rotten, spare] = ids as [PackId, PackId, PackId, PackId, PackId];
const bytesOf = (id: PackId): Uint8Array => Buffer.from(`the bytes of ${id}`);

/** From what is told last to what is told first, where both stores fail. */
const kinds = ['not_found', 'corrupt', 'full', 'unavailable', 'none'] as const;
type Fault = (typeof kinds)[number];
const faultOf = (kind: Fault, by: string): Error =>
  kind === 'none' ? new TypeError(by) : new StoreError(kind satisfies StoreErrorKind, by);

/** A store of which every call fails like this; `undefined`: none does. */
const failing = (kind: Fault | undefined, by: string, held = new MemoryStore()): PackStore =>
  kind === undefined ? held : new Proxy<PackStore>(held, { get: () => () => Promise.reject(faultOf(kind, by)) });

const pairs = kinds.flatMap((first) => kinds.map((second) => [first, second] as const));

describe('a mirror of which both stores fail', () => {
  const worst = (first: Fault, second: Fault) => (kinds.indexOf(first) >= kinds.indexOf(second) ? 'first' : 'second');

  test.each(pairs)('the first by %s and the second by %s, tells of a read what leaves most hope', async (first, second) => {
    const store = mirror(failing(first, 'first'), failing(second, 'second'));
    for (const call of [store.read(one), store.read(one, { offset: 0, length: 1 }), store.stat(one)])
      await expect(call).rejects.toThrow(worst(first, second));
  });

  test.each(pairs)(
    'the first by %s and the second by %s, tells of a write who has other bytes before who is away',
    async (first, second) => {
      const missed: PackId[] = [];
      const store = mirror(failing(first, 'first'), failing(second, 'second'), { missed: (id) => missed.push(id) });
      const refuses = (kind: Fault): boolean => kind === 'corrupt' || kind === 'none';
      const told = refuses(first) ? 'first' : refuses(second) ? 'second' : worst(first, second);
      await expect(store.write(one, [bytesOf(one)])).rejects.toThrow(told);
      expect(missed).toEqual([]);
    },
  );
});

describe.each(['first', 'second'])('a mirror of which the %s store fails', (which) => {
  const of = (kind: Fault, other: MemoryStore, missed?: (id: PackId) => void) => {
    const stores: readonly [PackStore, PackStore] = which === 'first' ? [failing(kind, which), other] : [other, failing(kind, which)];
    return mirror(...stores, { missed });
  };

  test.each(kinds)('by %s is read all the same, and lists and removes nothing by one half', async (kind) => {
    const other = new MemoryStore();
    await other.write(one, [bytesOf(one)]);
    const store = of(kind, other);
    expect(Buffer.from(await store.read(one))).toEqual(bytesOf(one));
    expect(await store.stat(one)).toEqual({ id: one, sizeBytes: bytesOf(one).length });
    await expect(store.list({ limit: 1 })).rejects.toThrow(which);
    await expect(store.delete(one)).rejects.toThrow(which);
    await expect(store.resync({ signal })).rejects.toThrow(which);
  });

  test.each([
    ['unavailable', true],
    ['full', true],
    ['not_found', true],
    ['corrupt', false],
    ['none', false],
  ] as const)('by %s takes a write: %s', async (kind, isTaken) => {
    const missed: PackId[] = [];
    const other = new MemoryStore();
    const written = of(kind, other, (id) => missed.push(id)).write(one, [bytesOf(one)]);
    await (isTaken ? written : expect(written).rejects.toThrow(which));
    expect(missed).toEqual(isTaken ? [one] : []);
  });
});

/** Two stores: a pack only in each, one in both, and one that is cut off in the first. */
async function apart() {
  const held = [new MemoryStore(), new MemoryStore()] as const;
  const [first, second] = [verify(held[0]), verify(held[1])];
  await first.write(one, [bytesOf(one)]);
  await second.write(two, [bytesOf(two)]);
  for (const id of [both, rotten]) for (const store of [first, second]) await store.write(id, [bytesOf(id)]);
  const whole = await held[0].read(rotten);
  await held[0].delete(rotten);
  await held[0].write(rotten, [whole.subarray(0, -1)]);
  return { held, stores: [first, second] as const };
}

describe('bringing two stores together', () => {
  const good = [one, two, both, rotten];

  test.each(['before', 'after'] as const)('may fail %s any call: nothing good is lost, and the next time ends it', async (when) => {
    for (let n = 1; ; n += 1) {
      const { stores } = await apart();
      let calls = 0;
      const plan = (): typeof when | undefined => ((calls += 1) === n ? when : undefined);
      const outcome = await mirror(faulty(stores[0], plan), faulty(stores[1], plan))
        .resync({ signal })
        .catch((error: unknown) => error);
      const healthy = mirror(...stores);
      for (const id of good) expect(Buffer.from(await healthy.read(id))).toEqual(bytesOf(id));
      await healthy.resync({ signal });
      for (const store of stores) for (const id of good) expect(Buffer.from(await store.read(id))).toEqual(bytesOf(id));
      expect(await healthy.resync({ signal })).toEqual({ copied: 0, copiedBytes: 0, lacking: 0 });
      // A call that failed by itself, as the read of what is damaged does, is not failed once more.
      const isDone = calls < n || (when === 'after' && !(outcome instanceof StoreError));
      expect(outcome).toMatchObject(isDone ? { copied: 3, lacking: 0 } : { kind: 'unavailable' });
      if (calls < n) break;
    }
  });

  test('counts what it copies, asks for leave with the size of each, and ends when it is told to', async () => {
    const { stores } = await apart();
    const asked: number[] = [];
    const ending = new AbortController();
    const pause = async (bytes: number): Promise<void> => {
      asked.push(bytes);
      if (asked.length === 2) ending.abort(new Error('enough'));
    };
    await expect(mirror(...stores).resync({ signal: ending.signal, pause })).rejects.toThrow('enough');
    const size = bytesOf(one).length;
    expect(asked).toEqual([size, size]);
    expect(await mirror(...stores).resync({ signal })).toEqual({ copied: 1, copiedBytes: size - 1, lacking: 0 });
  });

  test('says what is lacking: no good copy of it, or no room', async () => {
    const { held, stores } = await apart();
    await held[1].delete(rotten);
    expect(await mirror(...stores).resync({ signal })).toMatchObject({ copied: 2, lacking: 1 });
    expect(await mirror(...stores).repair(rotten)).toBe(false);
    const small = new MemoryStore(60);
    await stores[0].delete(rotten);
    const size = bytesOf(one).length;
    expect(await mirror(stores[0], verify(small)).resync({ signal })).toEqual({ copied: 1, copiedBytes: size, lacking: 2 });
  });

  test('repairs either copy by the other, and neither where both or none is good', async () => {
    for (const broken of [0, 1] as const) {
      const { held, stores } = await apart();
      const store = mirror(...stores);
      await store.repair(rotten);
      expect(await store.repair(rotten)).toBe(false);
      const whole = await held[broken].read(both);
      await held[broken].delete(both);
      await held[broken].write(both, [whole.with(9, (whole[9] ?? 0) ^ 1)]);
      expect(await store.repair(both)).toBe(true);
      for (const id of [both, rotten]) for (const side of stores) expect(Buffer.from(await side.read(id))).toEqual(bytesOf(id));
      expect(await store.repair(spare)).toBe(false);
    }
  });
});

describe('a store that rests', () => {
  /** A first store that fails like this once, and how often it was asked. */
  function resting(kind: Fault) {
    const counting = { asked: 0, nowMs: 0 };
    const held = new MemoryStore();
    const first = new Proxy<PackStore>(held, {
      get:
        (target, name) =>
        (...args: never[]) => {
          counting.asked += 1;
          if (counting.asked === 1) return Promise.reject(faultOf(kind, 'first'));
          return (Reflect.get(target, name) as (...all: never[]) => unknown).apply(target, args);
        },
    });
    const second = new MemoryStore();
    return { counting, second, store: mirror(first, second, { restMs: 100, nowMs: () => counting.nowMs }) };
  }

  test('is asked again when its time is over, and not a moment sooner', async () => {
    const { counting, store } = resting('unavailable');
    await store.write(one, [bytesOf(one)]);
    counting.nowMs = 99;
    await store.read(one);
    expect(counting.asked).toBe(1);
    counting.nowMs = 100;
    await store.read(one);
    expect(counting.asked).toBe(2);
  });

  test('is not asked for copies to be compared, which the first comparison that it does not answer makes so, too', async () => {
    const { counting, second, store } = resting('unavailable');
    await second.write(one, [bytesOf(one)]);
    for (const asked of [1, 1]) {
      await expect(store.compare(one)).rejects.toMatchObject({ kind: 'unavailable' });
      expect(counting.asked).toBe(asked);
    }
    counting.nowMs = 100;
    expect([await store.compare(one), await store.compare(one)]).toEqual([true, false]);
  });

  test.each(['not_found', 'corrupt', 'full'] as const)('does not rest for saying %s', async (kind) => {
    const { counting, second, store } = resting(kind);
    await second.write(two, [bytesOf(two)]);
    await store.stat(two);
    await store.write(two, [bytesOf(two)]);
    expect(counting.asked).toBe(2);
    await store.read(two);
    expect(counting.asked).toBe(3);
  });
});
