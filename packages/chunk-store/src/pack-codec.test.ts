import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { goldenKey } from './testing/golden-key.ts';
import { MemoryStore, PackIdentity, PackWriter, parsePackId, readEncodedFrames, readFrame, readFrames, readIndex } from './index.ts';
import type { PackId, PackStore } from './index.ts';
import { maxFrames } from './pack-format.ts';
import { chunkOf, defined, flipped, gather, newKey, storedPack } from './testing/pack-fixture.ts';

/** A store that counts its reads. */
function counted(store: PackStore): { readonly store: PackStore; reads: number } {
  const counting = {
    reads: 0,
    store: {
      write: store.write.bind(store),
      stat: store.stat.bind(store),
      list: store.list.bind(store),
      delete: store.delete.bind(store),
      read: (...args: Parameters<PackStore['read']>) => {
        counting.reads += 1;
        return store.read(...args);
      },
    },
  };
  return counting;
}

describe('a pack', () => {
  test('gives back every chunk, and its footer the same index', async () => {
    const content = fc.tuple(fc.uint8Array({ minLength: 1, maxLength: 300 }), fc.boolean(), fc.integer({ min: 1, max: 9 }));
    const plains = fc.array(content, { minLength: 1, maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(plains, fc.integer({ min: 1, max: 0xffffffff }), async (parts, generation) => {
        const key = newKey(generation);
        const contents = parts.map(([bytes, , repeat]) => Buffer.concat(Array.from({ length: repeat }, () => bytes)));
        const { store, pack } = await storedPack(
          key,
          contents.map((plain, i) => chunkOf(plain, defined(parts[i])[1])),
        );
        expect(pack.sizeBytes).toBe((await store.stat(pack.id)).sizeBytes);
        const index = await readIndex(store, pack.id, () => key);
        expect(index).toEqual({ packId: pack.id, generation, sizeBytes: pack.sizeBytes, frames: pack.frames });
        const read = await gather(readFrames(store, key, index.frames));
        expect(read.map((bytes) => Buffer.from(bytes))).toEqual(contents);
        const reversed = await gather(readFrames(store, key, index.frames.toReversed()));
        expect(reversed.map((bytes) => Buffer.from(bytes))).toEqual(contents.toReversed());
        expect(Buffer.from(await readFrame(store, key, defined(index.frames[0])))).toEqual(contents[0]);
      }),
    );
  });

  test('reads frames that lie together by one read, and hands on compressed bytes as they are', async () => {
    const key = newKey();
    const text = Buffer.alloc(9000, 'text ');
    const chunk = chunkOf(text, true);
    const others = [100, 50, 7].map((size) => chunkOf(randomBytes(size)));
    const { store, pack } = await storedPack(key, others.toSpliced(1, 0, chunk));
    const counting = counted(store);
    const frames = await gather(readEncodedFrames(counting.store, key, [...pack.frames.slice(0, 3), defined(pack.frames[0])]));
    expect(counting.reads).toBe(2);
    expect(Buffer.from(defined(frames[1]).bytes)).toEqual(chunk.bytes);
  });

  test('of a footer larger than one read is listed whole', async () => {
    const key = newKey();
    const { store, pack } = await storedPack(
      key,
      Array.from({ length: 3000 }, (_, i) => chunkOf(Buffer.from(`chunk ${i}`))),
    );
    expect((await readIndex(store, pack.id, () => key)).frames).toEqual(pack.frames);
  });

  test('shows neither plain bytes nor digests nor the tenant', async () => {
    const key = newKey();
    const plain = Buffer.alloc(1000, 'known plain text ');
    const chunk = chunkOf(plain);
    const { store, pack } = await storedPack(key, [chunk]);
    const stored = Buffer.from(await store.read(pack.id));
    const texts = ['known plain', chunk.digest, key.tenant, key.tenant.replaceAll('-', ''), pack.id];
    for (const known of texts.flatMap((text) => [Buffer.from(text), Buffer.from(text, 'hex')]).filter((bytes) => bytes.length > 8)) {
      expect(stored.includes(known)).toBe(false);
    }
  });
});

describe('a pack id encrypts once', () => {
  test('an identity serves one writer, and a named one is given once', () => {
    const identity = PackIdentity.random();
    expect(new PackWriter(newKey(), identity).id).toBe(identity.id);
    expect(() => new PackWriter(newKey(), identity)).toThrow('a pack id encrypts once');
    const id = defined(parsePackId(randomBytes(16).toString('hex')));
    PackIdentity.named(id);
    expect(() => PackIdentity.named(id)).toThrow('a pack id encrypts once');
  });

  test('a finished writer neither adds nor finishes again', () => {
    const writer = new PackWriter(newKey());
    expect(() => writer.finish()).toThrow('at least one frame');
    writer.add(chunkOf(Buffer.from('x')));
    writer.finish();
    expect(() => writer.finish()).toThrow('a pack id encrypts once');
    expect(() => writer.add(chunkOf(Buffer.from('y')))).toThrow('finished');
  });

  test('equal chunks under equal keys never make equal ciphertext', async () => {
    const key = newKey();
    const chunk = chunkOf(randomBytes(64));
    const packs = await Promise.all([storedPack(key, [chunk, chunk]), storedPack(key, [chunk])]);
    const [a, b] = await Promise.all(packs.map(async ({ store, pack }) => Buffer.from(await store.read(pack.id))));
    const frames = [defined(a).subarray(12, 76), defined(a).subarray(92, 156), defined(b).subarray(12, 76)];
    expect(new Set(frames.map((frame) => frame.toString('hex'))).size).toBe(3);
  });
});

describe('a writer', () => {
  test('takes up to 16 MiB of small chunks, or one chunk whatever its size', () => {
    const writer = new PackWriter(newKey());
    expect(writer.fits(64 << 20)).toBe(true);
    const chunk = chunkOf(randomBytes(4 << 20));
    for (let i = 0; i < 3; i += 1) writer.add(chunk);
    expect(writer.fits(4 << 20)).toBe(false);
    expect(writer.fits((4 << 20) - 64)).toBe(true);
    expect(() => writer.add(chunk)).toThrow('full');
  });

  test('takes so many frames and no more', () => {
    const writer = new PackWriter(newKey());
    const chunk = chunkOf(Buffer.from('x'));
    for (let i = 0; i < maxFrames; i += 1) writer.add(chunk);
    expect(writer.fits(1)).toBe(false);
  });

  test('refuses chunks whose sizes cannot be', () => {
    const writer = new PackWriter(newKey());
    const chunk = chunkOf(Buffer.from('four'));
    expect(() => writer.add({ ...chunk, plainSize: 5 })).toThrow('sizes');
    expect(() => writer.add({ ...chunk, encoding: 'zstd' })).toThrow('sizes');
    expect(() => writer.add({ ...chunk, plainSize: 0, bytes: new Uint8Array(0) })).toThrow('1 byte');
  });
});

describe('a damaged pack', () => {
  const key = newKey();
  const chunks = [chunkOf(Buffer.from('some plain bytes')), chunkOf(Buffer.alloc(400, 'ab'), true), chunkOf(randomBytes(30))];

  /** Reads all of a pack from `bytes` alone, as a rebuild does. */
  async function readAll(id: PackId, bytes: Uint8Array, with_ = key): Promise<Uint8Array[]> {
    const store = new MemoryStore();
    await store.write(id, [bytes]);
    const index = await readIndex(store, id, (generation) => ({ ...with_, generation }));
    return gather(readFrames(store, with_, index.frames));
  }

  test('is corrupt whichever of its bytes is flipped', async () => {
    const { store, pack } = await storedPack(key, chunks);
    const bytes = await store.read(pack.id);
    expect(await readAll(pack.id, bytes)).toHaveLength(3);
    for (let at = 0; at < bytes.length; at += 1) {
      const read = readAll(pack.id, flipped(bytes, at, 1 << (at % 8)));
      await expect(read).rejects.toMatchObject({ name: 'StoreError', kind: 'corrupt', transient: false });
    }
  });

  test('is corrupt wherever it is cut off or prolonged', async () => {
    const { store, pack } = await storedPack(key, chunks);
    const bytes = await store.read(pack.id);
    for (let length = 0; length < bytes.length; length += 1) {
      await expect(readAll(pack.id, bytes.subarray(0, length))).rejects.toMatchObject({ kind: 'corrupt' });
    }
    await expect(readAll(pack.id, Buffer.concat([bytes, Uint8Array.of(0)]))).rejects.toMatchObject({ kind: 'corrupt' });
  });

  test('is corrupt under another id, another tenant, another generation', async () => {
    const { store, pack } = await storedPack(key, chunks);
    const bytes = await store.read(pack.id);
    await expect(readAll(PackIdentity.random().id, bytes)).rejects.toMatchObject({ kind: 'corrupt' });
    await expect(readAll(pack.id, bytes, { ...newKey(), secret: key.secret })).rejects.toMatchObject({ kind: 'corrupt' });
    await expect(readFrame(store, { ...key, generation: 2 }, defined(pack.frames[0]))).rejects.toMatchObject({ kind: 'corrupt' });
  });

  test('gives no frame for a location that was altered', async () => {
    const { store, pack } = await storedPack(key, chunks);
    const [first, second] = [defined(pack.frames[0]), defined(pack.frames[1])];
    const altered = [
      { ...first, frame: 1 },
      { ...first, digest: second.digest },
      { ...first, plainSize: 15 },
      { ...first, encoding: 'zstd' as const },
      { ...first, offset: 13 },
      { ...first, length: 20 },
      { ...first, length: 3 },
      { ...second, frame: 0 },
      { ...second, encoding: 'raw' as const },
      { ...second, offset: 1e6 },
    ];
    for (const location of altered) await expect(readFrame(store, key, location)).rejects.toMatchObject({ kind: 'corrupt' });
  });

  test('is corrupt where a writer sealed bytes that are not the chunk', async () => {
    const wrong = { ...chunkOf(Buffer.from('right')), bytes: Buffer.from('wrong') };
    const bomb = { ...chunkOf(Buffer.alloc(4000), true), plainSize: 3999 };
    const noZstd = { ...chunkOf(Buffer.alloc(400), true), bytes: Buffer.from('no zstd') };
    const { store, pack } = await storedPack(key, [wrong, bomb, noZstd]);
    for (const location of pack.frames) await expect(readFrame(store, key, location)).rejects.toMatchObject({ kind: 'corrupt' });
  });

  test('of noise is corrupt', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (bytes) => {
        await expect(readAll(PackIdentity.random().id, bytes)).rejects.toMatchObject({ kind: 'corrupt' });
      }),
    );
  });
});

describe('golden packs of format 1', () => {
  test.each(['00112233445566778899aabbccddeeff', 'ffeeddccbbaa99887766554433221100'])('%s still decodes', async (name) => {
    const id = defined(parsePackId(name));
    const folder = join(import.meta.dirname, '../golden');
    const store = new MemoryStore();
    await store.write(id, [await readFile(join(folder, `${name}.pack`))]);
    const expected = JSON.parse(await readFile(join(folder, `${name}.json`), 'utf8')) as string[];
    const index = await readIndex(store, id, (generation) => {
      expect(generation).toBe(7);
      return goldenKey;
    });
    const plains = await gather(readFrames(store, goldenKey, index.frames));
    expect(plains.map((plain) => Buffer.from(plain).toString('base64'))).toEqual(expected);
  });
});
