import { randomBytes } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { MemoryStore } from './memory-store.ts';
import type { PackId } from './pack-id.ts';
import { decodeFrame, readEncodedFrames, readFrame, readFrames, readIndex } from './pack-reader.ts';
import type { ByteRange, PackStore } from './pack-store.ts';
import { StoreError } from './store-error.ts';
import { chunkOf, defined, gather, newKey, storedPack } from './testing/pack-fixture.ts';

/** A store that notes the ranges that are read. */
class NotingStore extends MemoryStore {
  readonly ranges: ByteRange[] = [];

  override read(id: PackId, range?: ByteRange): Promise<Uint8Array> {
    if (range !== undefined) this.ranges.push({ offset: range.offset, length: range.length });
    return super.read(id, range);
  }
}

async function noting(key: ReturnType<typeof newKey>, sizes: readonly number[]) {
  const plains = sizes.map((size) => randomBytes(size));
  const { store, pack } = await storedPack(
    key,
    plains.map((plain) => chunkOf(plain)),
  );
  const noted = new NotingStore();
  await noted.write(pack.id, [await store.read(pack.id)]);
  return { store: noted, pack, plains };
}

describe('reading frames', () => {
  const key = newKey();

  test('asks for exactly the bytes of a frame', async () => {
    const { store, pack, plains } = await noting(key, [100, 200, 300]);
    expect(defined(plains[1]).equals(await readFrame(store, key, defined(pack.frames[1])))).toBe(true);
    expect(store.ranges).toEqual([{ offset: 12 + 116, length: 216 }]);
  });

  test('joins neighbours, and begins anew after a gap, a step back or another pack', async () => {
    const a = await noting(key, [10, 20, 30, 40]);
    const [first, second, third, fourth] = a.pack.frames.map((frame) => frame);
    const asked = [first, second, fourth, third, first].map(defined);
    const read = await gather(readFrames(a.store, key, asked));
    expect(read.map((plain) => plain.length)).toEqual([10, 20, 40, 30, 10]);
    expect(a.store.ranges.map(({ length }) => length)).toEqual([62, 56, 46, 26]);
  });

  test('reads no more than 16 MiB at once', async () => {
    const { store, pack } = await noting(
      key,
      Array.from({ length: 15 }, () => 1 << 20),
    );
    const other = await storedPack(
      key,
      Array.from({ length: 5 }, () => chunkOf(randomBytes(3 << 20))),
    );
    await store.write(other.pack.id, [await other.store.read(other.pack.id)]);
    let frames = 0;
    for await (const { bytes } of readEncodedFrames(store, key, [...pack.frames, ...other.pack.frames])) {
      if (bytes.length >= 1 << 20) frames += 1;
    }
    expect(frames).toBe(20);
    expect(store.ranges).toHaveLength(2);
    for (const { length } of store.ranges) expect(length).toBeLessThanOrEqual(16 << 20);
  });

  test('of nothing reads nothing', async () => {
    expect(await gather(readFrames(new MemoryStore(), key, []))).toEqual([]);
  });

  test('reads only as far as the taker goes', async () => {
    const { store, pack } = await noting(key, [10, 20, 30]);
    const [first, , third] = pack.frames;
    for await (const plain of readFrames(store, key, [defined(first), defined(third)])) {
      expect(plain.length).toBe(10);
      break;
    }
    expect(store.ranges).toHaveLength(1);
  });

  test('passes on what the store says', async () => {
    const { pack } = await noting(key, [10]);
    const empty = new MemoryStore();
    await expect(readFrame(empty, key, defined(pack.frames[0]))).rejects.toMatchObject({ kind: 'not_found' });
    await expect(gather(readFrames(empty, key, pack.frames))).rejects.toMatchObject({ kind: 'not_found' });
    await expect(readIndex(empty, pack.id, () => key)).rejects.toMatchObject({ kind: 'not_found' });
  });

  test('calls a store that answers too few bytes corrupt', async () => {
    const { store, pack } = await noting(key, [100, 100]);
    const short: PackStore = {
      write: (id, bytes) => store.write(id, bytes),
      read: async (id, range) => (await store.read(id, range)).subarray(0, -1),
      stat: (id) => store.stat(id),
      list: (page) => store.list(page),
      delete: (id) => store.delete(id),
    };
    await expect(readFrame(short, key, defined(pack.frames[0]))).rejects.toMatchObject({ kind: 'corrupt' });
    await expect(gather(readFrames(short, key, pack.frames))).rejects.toMatchObject({ kind: 'corrupt' });
    await expect(readIndex(short, pack.id, () => key)).rejects.toMatchObject({ kind: 'corrupt' });
  });
});

describe('a frame read as it is stored', () => {
  test('decodes later to the same chunk', async () => {
    const key = newKey();
    const plain = Buffer.alloc(70_000, 'again and again ');
    const { store, pack } = await storedPack(key, [chunkOf(plain, true), chunkOf(plain)]);
    const frames = await gather(readEncodedFrames(store, key, pack.frames));
    expect(frames.map(({ location }) => location.encoding)).toEqual(['zstd', 'raw']);
    for (const frame of frames) expect(plain.equals(await decodeFrame(frame))).toBe(true);
    expect(defined(frames[0]).bytes.length).toBeLessThan(1000);
  });

  test('never unfolds into more than was said', async () => {
    const key = newKey();
    const { store, pack } = await storedPack(key, [chunkOf(Buffer.alloc(1 << 20), true)]);
    const [frame] = await gather(readEncodedFrames(store, key, pack.frames));
    const { location, bytes } = defined(frame);
    for (const plainSize of [0, 1, (1 << 20) - 1, (1 << 20) + 1, (8 << 20) + 1]) {
      await expect(decodeFrame({ location: { ...location, plainSize }, bytes })).rejects.toMatchObject({ kind: 'corrupt' });
    }
  });
});

describe('reading an index', () => {
  // A footer's entry has 41 bytes; the first read takes 64 KiB from the end of the pack.
  test.each([1, 1597, 1598, 1599, 4000])('of %i frames is whole, wherever the first read begins', async (count) => {
    const key = newKey();
    const { store, pack } = await noting(
      key,
      Array.from({ length: count }, (_, i) => (i % 3) + 1),
    );
    expect((await readIndex(store, pack.id, () => key)).frames).toEqual(pack.frames);
    expect(store.ranges.length).toBeLessThanOrEqual(3);
  });

  test('asks for the key of the generation that the pack names, and passes on its absence', async () => {
    const key = newKey(41);
    const { store, pack } = await storedPack(key, [chunkOf(randomBytes(5))]);
    const asked: number[] = [];
    await readIndex(store, pack.id, async (generation) => {
      asked.push(generation);
      return key;
    });
    expect(asked).toEqual([41]);
    const absent = new StoreError('not_found', 'no key of that generation');
    await expect(readIndex(store, pack.id, () => Promise.reject(absent))).rejects.toBe(absent);
  });
});
