import { randomBytes } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { MemoryStore, PackBatcher, StoreError, failAt, faulty, readFrame } from './index.ts';
import type { BatcherOptions, PackStore } from './index.ts';
import { chunkOf, defined, newKey, turn, until } from './testing/pack-fixture.ts';

/** A clock that only the test moves. */
function manualClock() {
  const timers = new Set<() => void>();
  const after = (_ms: number, run: () => void) => {
    timers.add(run);
    return () => void timers.delete(run);
  };
  const fire = () => {
    for (const run of Array.from(timers)) {
      timers.delete(run);
      run();
    }
  };
  return { after, fire, timers };
}

/** A store whose writes wait until they are let through. */
function gated(inner = new MemoryStore()) {
  const held: (() => void)[] = [];
  let open = false;
  const store: PackStore = {
    write: async (id, bytes) => {
      if (!open) await new Promise<void>((resolve) => held.push(resolve));
      await inner.write(id, bytes);
    },
    read: inner.read.bind(inner),
    stat: inner.stat.bind(inner),
    list: inner.list.bind(inner),
    delete: inner.delete.bind(inner),
  };
  const letThrough = () => {
    open = true;
    for (const go of held.splice(0)) go();
  };
  return { store, held, letThrough };
}

const small = () => chunkOf(randomBytes(100));

function setUp(options: BatcherOptions = {}, store: PackStore = new MemoryStore()) {
  const clock = manualClock();
  return { store, clock, key: newKey(), batcher: new PackBatcher(store, { after: clock.after, ...options }) };
}

describe('a batcher', () => {
  test('answers where every chunk lies, in order, whatever their sizes', async () => {
    const sizes = fc.array(fc.oneof(fc.integer({ min: 1, max: 500 }), fc.integer({ min: 900, max: 3000 })), { maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(sizes, async (lengths) => {
        const { store, key, batcher } = setUp({ aloneBytes: 1000 });
        const plains = lengths.map((length) => randomBytes(length));
        const locations = await batcher.add(
          key,
          plains.map((plain) => chunkOf(plain)),
        );
        expect(locations).toHaveLength(plains.length);
        for (const [i, location] of locations.entries())
          expect(defined(plains[i]).equals(await readFrame(store, key, location))).toBe(true);
        expect(batcher.bufferedBytes).toBe(0);
        const large = lengths.filter((length) => length >= 1000).length;
        expect((await store.list({ limit: 100 })).packs).toHaveLength(large + (large < lengths.length ? 1 : 0));
      }),
      { numRuns: 50 },
    );
  });

  test('writes the pack of a request that is alone at once, without the clock', async () => {
    const { key, batcher, clock } = setUp();
    expect(await batcher.add(key, [small()])).toHaveLength(1);
    expect(clock.timers.size).toBe(0);
  });

  test('shares one pack between concurrent requests of a tenant, never between tenants', async () => {
    const { key, batcher } = setUp();
    const other = newKey();
    const requests = [key, key, key, other].map((dataKey) => batcher.open(dataKey));
    for (const request of requests) await request.add(small());
    const locations = (await Promise.all(requests.map((request) => request.finish()))).flat();
    expect(new Set(locations.slice(0, 3).map(({ packId }) => packId)).size).toBe(1);
    expect(defined(locations[3]).packId).not.toBe(defined(locations[0]).packId);
  });

  test('lets a finished request wait for the clock only, while another still adds', async () => {
    const { key, batcher, clock } = setUp();
    const [slow, quick] = [batcher.open(key), batcher.open(key)];
    await slow.add(small());
    await quick.add(small());
    let done = false;
    const finished = quick.finish().then((locations) => {
      done = true;
      return locations;
    });
    await turn();
    expect(done).toBe(false);
    clock.fire();
    const [quickLocation] = await finished;
    await slow.add(small());
    const slowLocations = await slow.finish();
    expect(defined(slowLocations[0]).packId).toBe(defined(quickLocation).packId);
    expect(defined(slowLocations[1]).packId).not.toBe(defined(quickLocation).packId);
  });

  test('resolves only after the pack is durable', async () => {
    const gate = gated();
    const { key, batcher } = setUp({}, gate.store);
    let done = false;
    const finished = batcher.add(key, [small(), small()]).then(() => {
      done = true;
    });
    await until(() => gate.held.length > 0);
    expect(done).toBe(false);
    gate.letThrough();
    await finished;
  });

  test('makes add wait while memory is short, and never holds more than it may', async () => {
    const gate = gated();
    const { key, batcher } = setUp({ maxBufferedBytes: 9 << 20 }, gate.store);
    const request = batcher.open(key);
    const large = chunkOf(randomBytes(3 << 20));
    await request.add(large);
    await request.add(large);
    await request.add(chunkOf(randomBytes(1000)));
    let accepted = false;
    const third = request.add(large).then(() => {
      accepted = true;
    });
    await turn();
    expect(accepted).toBe(false);
    // The small chunk's pack, which waited for company, goes too: otherwise its memory might never come back.
    expect(gate.held).toHaveLength(3);
    expect(batcher.bufferedBytes).toBeLessThanOrEqual(9 << 20);
    gate.letThrough();
    await third;
    expect(await request.finish()).toHaveLength(4);
    expect(batcher.bufferedBytes).toBe(0);
  });

  test('refuses when too many wait for memory, or one too long', async () => {
    const gate = gated();
    const { key, batcher } = setUp({ maxBufferedBytes: 9 << 20, maxWaiting: 1, acceptDeadlineMs: 1 }, gate.store);
    const request = batcher.open(key);
    const large = chunkOf(randomBytes(8 << 20));
    await request.add(large);
    const refused = await Promise.allSettled([request.add(large), request.add(large)]);
    for (const outcome of refused) expect(outcome).toMatchObject({ status: 'rejected', reason: { kind: 'unavailable', transient: true } });
    gate.letThrough();
    expect(await request.finish()).toHaveLength(1);
    expect(batcher.bufferedBytes).toBe(0);
  });

  test('tells every request of a pack that could not be written, and goes on', async () => {
    const full = new StoreError('full', 'no room');
    const { key, batcher } = setUp(
      {},
      faulty(new MemoryStore(), failAt(1), () => full),
    );
    const requests = [batcher.open(key), batcher.open(key)];
    for (const request of requests) await request.add(small());
    const outcomes = await Promise.allSettled(requests.map((request) => request.finish()));
    expect(outcomes).toEqual([
      { status: 'rejected', reason: full },
      { status: 'rejected', reason: full },
    ]);
    expect(await batcher.add(key, [small()])).toHaveLength(1);
    expect(batcher.bufferedBytes).toBe(0);
  });

  test('writes nothing for an abandoned request, but what others share', async () => {
    const { store, key, batcher } = setUp();
    const alone = batcher.open(key);
    await alone.add(small());
    alone.abandon();
    alone.abandon();
    expect(batcher.bufferedBytes).toBe(0);
    expect((await store.list({ limit: 10 })).packs).toEqual([]);
    const [one, two] = [batcher.open(key), batcher.open(key)];
    await one.add(small());
    await two.add(small());
    one.abandon();
    expect(await two.finish()).toHaveLength(1);
    expect(batcher.bufferedBytes).toBe(0);
    await expect(two.add(small())).rejects.toThrow('ended');
  });

  test('begins a new pack when one is full', async () => {
    const { key, batcher } = setUp({ aloneBytes: 64 << 20 });
    const chunk = chunkOf(randomBytes(6 << 20));
    const locations = await batcher.add(key, [chunk, chunk, chunk]);
    expect(defined(locations[0]).packId).toBe(defined(locations[1]).packId);
    expect(defined(locations[2]).packId).not.toBe(defined(locations[1]).packId);
  });

  test('writes so many packs at once and no more', async () => {
    const gate = gated();
    const { key, batcher } = setUp({ aloneBytes: 1, maxWrites: 2 }, gate.store);
    const finished = batcher.add(key, Array.from({ length: 9 }, small));
    await until(() => gate.held.length >= 2);
    await turn();
    expect(gate.held).toHaveLength(2);
    gate.letThrough();
    expect(await finished).toHaveLength(9);
  });

  test('closes after what is open has been written', async () => {
    const { store, key, batcher } = setUp();
    const request = batcher.open(key);
    await request.add(small());
    await batcher.close();
    expect((await store.list({ limit: 10 })).packs).toHaveLength(1);
    expect(() => batcher.open(key)).toThrow('closing');
    expect(await request.finish()).toHaveLength(1);
  });

  test('puts a large chunk into a pack alone and at once, small ones together', async () => {
    const gate = gated();
    const { key, batcher } = setUp({ aloneBytes: 1000 }, gate.store);
    const request = batcher.open(key);
    for (const size of [10, 1000, 999, 5000, 20]) await request.add(chunkOf(randomBytes(size)));
    // The two large ones are being written while the request goes on.
    expect(gate.held).toHaveLength(2);
    gate.letThrough();
    const locations = await request.finish();
    const packs = locations.map(({ packId }) => packId);
    expect(packs[0]).toBe(packs[2]);
    expect(packs[0]).toBe(packs[4]);
    expect(new Set(packs).size).toBe(3);
    expect(locations.map(({ plainSize }) => plainSize)).toEqual([10, 1000, 999, 5000, 20]);
  });

  test('never mixes generations of a data key in one pack', async () => {
    const { key, batcher } = setUp();
    const later = { ...newKey(2), tenant: key.tenant };
    const requests = [batcher.open(key), batcher.open(later)];
    for (const request of requests) await request.add(small());
    const [before, after] = (await Promise.all(requests.map((request) => request.finish()))).flat();
    expect([defined(before).generation, defined(after).generation]).toEqual([1, 2]);
    expect(defined(before).packId).not.toBe(defined(after).packId);
  });

  test('answers a request without chunks at once, writing nothing', async () => {
    const { store, key, batcher } = setUp();
    expect(await batcher.open(key).finish()).toEqual([]);
    expect(await batcher.add(key, [])).toEqual([]);
    expect((await store.list({ limit: 1 })).packs).toEqual([]);
  });

  test("takes each request's end once", async () => {
    const { key, batcher } = setUp();
    const request = batcher.open(key);
    await request.add(small());
    await request.finish();
    await expect(request.finish()).rejects.toThrow('ended');
    request.abandon();
    expect(await batcher.add(key, [small()])).toHaveLength(1);
  });

  test('holds nothing for a chunk that cannot be stored, and goes on', async () => {
    const { store, key, batcher } = setUp();
    const request = batcher.open(key);
    await expect(request.add({ ...small(), plainSize: 1 })).rejects.toThrow('sizes');
    expect(batcher.bufferedBytes).toBe(0);
    await request.add(small());
    expect(await request.finish()).toHaveLength(1);
    expect((await store.list({ limit: 5 })).packs).toHaveLength(1);
    expect(batcher.bufferedBytes).toBe(0);
  });

  test('gives the memory of an abandoned request to who waits for it', async () => {
    const { key, batcher } = setUp({ maxBufferedBytes: 9 << 20, aloneBytes: 64 << 20 });
    const [given, waiting] = [batcher.open(key), batcher.open(newKey())];
    await given.add(chunkOf(randomBytes(5 << 20)));
    given.abandon();
    await waiting.add(chunkOf(randomBytes(8 << 20)));
    expect(await waiting.finish()).toHaveLength(1);
  });

  test('writes at once what is added while another still waits for memory', async () => {
    const gate = gated();
    const { key, batcher } = setUp({ maxBufferedBytes: (8 << 20) + 1000 }, gate.store);
    const large = chunkOf(randomBytes(8 << 20));
    const [first, quick, waiting] = [batcher.open(key), batcher.open(key), batcher.open(key)];
    await first.add(large);
    // Both wait; the quick one is served first, and its chunk then holds the bytes that the other still lacks.
    const added = Promise.all([quick.add(chunkOf(randomBytes(990))), waiting.add(large)]);
    gate.letThrough();
    await added;
    const finished = await Promise.all([first.finish(), quick.finish(), waiting.finish()]);
    expect(finished.map((locations) => locations.length)).toEqual([1, 1, 1]);
  });

  test('refuses to be made with less memory than a large chunk needs', () => {
    expect(() => setUp({ maxBufferedBytes: 8 << 20 })).toThrow('must fit');
  });
});
