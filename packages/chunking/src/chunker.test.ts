import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Chunker, chunkBytes, chunkFile, chunkStream, defaultScheme, findScheme } from './index.ts';
import type { Chunk, Scheme } from './index.ts';

/** The same algorithm with small numbers, so that properties meet many cuts in little data. */
const small: Scheme = { id: 'test', minBytes: 64, normalBytes: 200, maxBytes: 512, strictMask: 0xff800000 | 0, looseMask: 0xf8000000 | 0 };

function noise(sizeBytes: number, seed = 1): Uint8Array {
  const bytes = new Uint32Array(Math.ceil(sizeBytes / 4));
  let x = seed | 0 || 1;
  for (let i = 0; i < bytes.length; i += 1) {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    bytes[i] = x;
  }
  return new Uint8Array(bytes.buffer, 0, sizeBytes);
}

function listOf(chunks: Iterable<Chunk>): string[] {
  return Array.from(chunks, (chunk) => `${chunk.offset}:${chunk.bytes.length}:${chunk.digest}`);
}
async function collect(chunks: AsyncIterable<Chunk>): Promise<Chunk[]> {
  const all: Chunk[] = [];
  for await (const chunk of chunks) all.push(chunk);
  return all;
}

function* divide(bytes: Uint8Array, sizes: readonly number[]): Generator<Uint8Array> {
  let at = 0;
  for (let i = 0; at < bytes.length; i += 1) {
    const piece = bytes.slice(at, at + (sizes[i % sizes.length] ?? 1));
    yield piece;
    at += piece.length;
    piece.fill(0xee);
  }
}

const content = fc.oneof(
  fc.uint8Array({ maxLength: 3000, size: 'max' }),
  fc.tuple(fc.nat(20_000), fc.integer()).map(([size, seed]) => noise(size, seed)),
  fc.nat(5000).map((size) => new Uint8Array(size)),
);

describe('cuts', () => {
  test('do not depend on the sizes of the pieces', async () => {
    await fc.assert(
      fc.asyncProperty(content, fc.array(fc.integer({ min: 1, max: 900 }), { minLength: 1 }), async (bytes, sizes) => {
        const inPieces = await collect(chunkStream(divide(bytes, sizes), { scheme: small }));
        expect(listOf(inPieces)).toEqual(listOf(chunkBytes(bytes, small)));
      }),
    );
  });

  test('reassemble the input, each named by its SHA-256, within bounds', () => {
    fc.assert(
      fc.property(content, (bytes) => {
        const chunks = [...chunkBytes(bytes, small)];
        expect(Buffer.concat(chunks.map((chunk) => chunk.bytes)).equals(bytes)).toBe(true);
        for (const [index, chunk] of chunks.entries()) {
          expect(chunk.digest).toBe(createHash('sha256').update(chunk.bytes).digest('hex'));
          expect(chunk.bytes.length).toBeLessThanOrEqual(small.maxBytes);
          if (index < chunks.length - 1) expect(chunk.bytes.length).toBeGreaterThanOrEqual(small.minBytes);
        }
      }),
    );
  });

  test('survive an insertion, a deletion and an append anywhere, but for a few chunks', () => {
    fc.assert(
      fc.property(fc.integer(), fc.nat(59_000), fc.integer({ min: 1, max: 40 }), (seed, at, length) => {
        const bytes = noise(60_000, seed);
        const before = Array.from(chunkBytes(bytes, small), (chunk) => chunk.digest);
        const edits = [
          [bytes.subarray(0, at), noise(length, seed + 1), bytes.subarray(at)],
          [bytes.subarray(0, at), bytes.subarray(at + length)],
          [bytes, noise(length, seed + 2)],
        ];
        for (const edited of edits) {
          const after = new Set(Array.from(chunkBytes(Buffer.concat(edited), small), (chunk) => chunk.digest));
          expect(before.filter((digest) => !after.has(digest)).length).toBeLessThanOrEqual(24);
        }
        expect(before.length).toBeGreaterThan(100);
      }),
      { numRuns: 30 },
    );
  });
});

describe('the default scheme', () => {
  const bytes = noise(96 << 20, 7);
  const chunks = [...chunkBytes(bytes)];

  test('is found by its id alone', () => {
    expect(findScheme('fastcdc-1m-4m-8m-v1')).toBe(defaultScheme);
    expect(findScheme('fastcdc')).toBeUndefined();
  });

  test('cuts where it always has: a new cut is a new scheme', () => {
    expect(chunks.slice(0, 6).map((chunk) => chunk.bytes.length)).toMatchSnapshot();
  });

  test('keeps its bounds and gathers around 4 MiB', () => {
    const sizes = chunks.slice(0, -1).map((chunk) => chunk.bytes.length);
    expect(Math.min(...sizes)).toBeGreaterThanOrEqual(1 << 20);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(8 << 20);
    const mean = sizes.reduce((sum, size) => sum + size, 0) / sizes.length;
    expect(mean / (4 << 20)).toBeGreaterThan(0.75);
    expect(mean / (4 << 20)).toBeLessThan(1.25);
  });

  test('loses at most three chunks to one byte at the front', () => {
    const after = new Set(Array.from(chunkBytes(Buffer.concat([Uint8Array.of(1), bytes])), (chunk) => chunk.digest));
    expect(chunks.filter((chunk) => !after.has(chunk.digest)).length).toBeLessThanOrEqual(3);
  });

  test('makes one chunk of a file below the minimum, and none of an empty one', () => {
    expect([...chunkBytes(bytes.subarray(0, (1 << 20) - 1))]).toHaveLength(1);
    expect([...chunkBytes(new Uint8Array(0))]).toEqual([]);
    expect(new Chunker().finish()).toBeUndefined();
  });

  test('cuts a file, by path and by handle, and a web stream, as it cuts bytes', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'chunking-'));
    try {
      const path = join(folder, 'file');
      const some = bytes.subarray(0, 20_000_001);
      await writeFile(path, some);
      expect(listOf(await collect(chunkFile(path)))).toEqual(listOf(chunkBytes(some)));
      expect(listOf(await collect(chunkStream(new Blob([some]).stream())))).toEqual(listOf(chunkBytes(some)));
      await expect(collect(chunkFile(join(folder, 'absent')))).rejects.toMatchObject({ code: 'ENOENT' });
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
