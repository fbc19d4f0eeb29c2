import { createHash } from 'node:crypto';
import { expect, test } from '@jest/globals';
import type { ChunkRef, Digest } from '@driftbox/domain';
import fc from 'fast-check';
import { basesFor, candidateWindows } from './candidate-windows.ts';

const hash = (bytes: Uint8Array): Digest => createHash('sha256').update(bytes).digest('hex') as Digest;

/** Cuts after each byte below 16, as a chunker would: by content. */
function cut(bytes: Uint8Array): ChunkRef[] {
  const chunks: ChunkRef[] = [];
  let start = 0;
  bytes.forEach((byte, index) => {
    if (byte >= 16 && index < bytes.length - 1) return;
    const chunk = bytes.subarray(start, index + 1);
    chunks.push({ digest: hash(chunk), sizeBytes: chunk.length });
    start = index + 1;
  });
  return chunks;
}

const content = fc.uint8Array({ minLength: 100, maxLength: 2000 });
const added = fc.uint8Array({ minLength: 1, maxLength: 40 });
const found = (old: Uint8Array, now: Uint8Array) =>
  candidateWindows(cut(old), cut(now)).filter((one) => hash(now.subarray(one.offset, one.offset + one.sizeBytes)) === one.digest);

test.each([
  ['in front', (old: Uint8Array, more: Uint8Array) => Buffer.concat([more, old])],
  ['at the end', (old: Uint8Array, more: Uint8Array) => Buffer.concat([old, more])],
])('every chunk lost to bytes added %s is found', (_, edit) => {
  fc.assert(
    fc.property(content, added, (old, more) => {
      const now = edit(old, more);
      const kept = new Set(cut(now).map((chunk) => chunk.digest));
      const lost = new Set(
        cut(old)
          .map((chunk) => chunk.digest)
          .filter((digest) => !kept.has(digest)),
      );
      // Where equal chunks repeat, the difference of the lists may count one as kept that is needed elsewhere; there are none here.
      fc.pre(new Set(cut(old).map((chunk) => chunk.digest)).size === cut(old).length);
      expect([...lost].filter((digest) => !found(old, now).some((one) => one.digest === digest))).toEqual([]);
    }),
  );
});

test('no window reaches beyond the file, whatever became of it', () => {
  fc.assert(
    fc.property(content, content, (old, now) => {
      for (const { offset, sizeBytes } of candidateWindows(cut(old), cut(now))) {
        expect(offset).toBeGreaterThanOrEqual(0);
        expect(offset + sizeBytes).toBeLessThanOrEqual(now.length);
      }
    }),
  );
});

test('an unchanged file has nothing to look for', () => {
  fc.assert(fc.property(content, (bytes) => expect(candidateWindows(cut(bytes), cut(bytes))).toEqual([])));
});

test('bases are those that share bytes, most first', () => {
  const window = (offset: number, sizeBytes: number) => ({ digest: hash(Buffer.from([offset])), offset, sizeBytes });
  const [a, b, c] = [window(0, 10), window(5, 20), window(40, 5)];
  expect(basesFor({ offset: 8, sizeBytes: 10 }, [a, b, c], 4)).toEqual([b, a]);
  expect(basesFor({ offset: 8, sizeBytes: 10 }, [a, b, c], 1)).toEqual([b]);
});
