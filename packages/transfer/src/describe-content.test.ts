import { createHash } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { digestOf } from '@driftbox/chunking';
import { applySplices, inlineChunks, listIdOf, openChunkList } from '@driftbox/domain';
import type { ChunkRef, Digest } from '@driftbox/domain';
import fc from 'fast-check';
import { describeContent } from './describe-content.ts';

const refs = (numbers: readonly number[]): ChunkRef[] =>
  numbers.map((number) => ({ digest: createHash('sha256').update(String(number)).digest('hex') as Digest, sizeBytes: number + 1 }));
const numbers = (min: number, max: number) => fc.uniqueArray(fc.nat(5000), { minLength: min, maxLength: max });

test('a short list is told inline', () => {
  fc.assert(
    fc.property(numbers(0, inlineChunks), (some) => {
      const chunks = refs(some);
      expect(describeContent(chunks)).toEqual({ listId: listIdOf(chunks, digestOf), fields: { chunkList: chunks }, blocks: [] });
    }),
  );
});

test('a long list is told by blocks that open to it', () => {
  fc.assert(
    fc.property(numbers(inlineChunks + 1, 300), (some) => {
      const chunks = refs(some);
      const { listId, fields, blocks } = describeContent(chunks);
      expect(fields).toEqual({ listId });
      const root = blocks.at(-1)!;
      expect(root.digest).toBe(listId);
      expect(openChunkList(listId, root.bytes, blocks.slice(0, -1), digestOf)).toMatchObject({ ok: true, chunks });
    }),
    { numRuns: 30 },
  );
});

test('an edit of a long list is told by splices that lead to it', () => {
  fc.assert(
    fc.property(numbers(200, 300), fc.nat(150), fc.nat(5), numbers(0, 5), (some, at, remove, insert) => {
      const old = refs(some);
      const now = old.toSpliced(at, remove, ...refs(insert.map((number) => number + 10_000)));
      const base = { listId: listIdOf(old, digestOf), chunks: old };
      const { listId, fields, blocks } = describeContent(now, base);
      expect(blocks).toEqual([]);
      expect(fields.chunkListDelta).toMatchObject({ baseListId: base.listId, resultListId: listId });
      const splices = fields.chunkListDelta!.splices.map((splice) => ({ ...splice, insert: splice.insert as ChunkRef[] }));
      expect(applySplices(old, splices)).toEqual({ ok: true, chunks: now });
    }),
    { numRuns: 50 },
  );
});
