import { createHash, createSecretKey, randomBytes } from 'node:crypto';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { digestBytes, giveShared, isShared, openBytes, sealBytes, takeShared } from './index.ts';

const seal = () => ({ key: createSecretKey(randomBytes(32)), nonce: randomBytes(12), context: randomBytes(40) });
/** Some bytes in ordinary memory, and some in memory that threads share. */
const sizes = fc.oneof({ weight: 2, arbitrary: fc.integer({ min: 1, max: 300_000 }) }, fc.integer({ min: 1 << 20, max: 3 << 20 }));

function filled(sizeBytes: number, seed: number): Uint8Array {
  const bytes = takeShared(sizeBytes);
  bytes.fill(seed).set(randomBytes(Math.min(1000, sizeBytes)));
  return bytes;
}

test('a digest is that of the bytes, whichever thread makes it and whatever memory they are in', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(sizes, { maxLength: 6 }), async (some) => {
      const pieces = some.map((size, index) => filled(size, index));
      const digests = await Promise.all(pieces.map(digestBytes));
      expect(digests).toEqual(pieces.map((piece) => createHash('sha256').update(piece).digest('hex')));
      pieces.forEach(giveShared);
    }),
    { numRuns: 8 },
  );
});

test('what was sealed opens to the same bytes, and nothing else does', async () => {
  await fc.assert(
    fc.asyncProperty(sizes, fc.nat(), async (size, at) => {
      const how = seal();
      const plain = filled(size, 1);
      const sealed = takeShared(size + 16);
      await sealBytes(plain, sealed, how);
      const damaged = takeShared(size + 16);
      damaged.set(sealed);
      damaged[at % damaged.length]! ^= 1;
      expect(await openBytes(damaged, how)).toBe(false);
      expect(damaged.every((byte) => byte === 0)).toBe(true);
      expect(await openBytes(sealed, how)).toBe(true);
      expect(Buffer.compare(sealed.subarray(0, size), plain)).toBe(0);
      [plain, sealed, damaged].forEach(giveShared);
    }),
    { numRuns: 8 },
  );
});

test('a job that throws fails alone', async () => {
  const plain = filled(1 << 20, 1);
  await expect(sealBytes(plain, takeShared((1 << 20) + 16), { ...seal(), nonce: new Uint8Array(0) })).rejects.toThrow();
  expect(await digestBytes(plain)).toBe(createHash('sha256').update(plain).digest('hex'));
});

test('memory that was given back is used again, and is given back once', () => {
  const first = takeShared(1 << 20);
  expect([isShared(first), isShared(takeShared(1000)), isShared(takeShared(64 << 20))]).toEqual([true, false, false]);
  giveShared(first);
  const again = takeShared(3 << 20);
  expect(again.buffer).toBe(first.buffer);
  giveShared(again.subarray(5, 10));
  expect(() => giveShared(again)).toThrow('given back once');
});
