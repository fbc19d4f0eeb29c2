import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { buildChunkList, listIdOf } from './chunk-list.ts';
import type { ChunkList } from './chunk-list.ts';
import { cutSegments, segmentChunks } from './cut-segments.ts';
import type { ChunkRef, Digest, Hash } from './digest.ts';
import { decodeRoot, decodeSegment, encodeRoot } from './list-encoding.ts';
import { openChunkList } from './open-chunk-list.ts';

const hash: Hash = (bytes) => createHash('sha256').update(bytes).digest('hex') as Digest;
const chunk = (n: number, sizeBytes = 1000 + (n % 7)): ChunkRef => ({ digest: hash(new TextEncoder().encode(`chunk ${n}`)), sizeBytes });
const chunks = (count: number, from = 0) => Array.from({ length: count }, (_, n) => chunk(from + n));

function segmented(list: ChunkList) {
  if (list.form !== 'segmented') throw new Error('expected a segmented list');
  return list;
}

describe('the id of a chunk list', () => {
  test('of one chunk is its digest', () => {
    expect(listIdOf([chunk(1)], hash)).toBe(chunk(1).digest);
  });

  test('of none is the hash of the empty encoding, and never changes', () => {
    expect(listIdOf([], hash)).toBe(hash(new TextEncoder().encode('driftbox chunk list 1\0')));
  });

  test('golden: of two and of a hundred chunks', () => {
    expect(listIdOf(chunks(2), hash)).toMatchInlineSnapshot(`"2c934ddd99b48e6304229484a0c7438f2fc0f72fa6222bbb9f41d139e01a11d4"`);
    expect(listIdOf(chunks(100), hash)).toMatchInlineSnapshot(`"3975195fcb515a5df1769bcc0880644b5af2965b219758b46f801e85be22c350"`);
  });

  test('depends on order and on sizes', () => {
    const [a, b] = [chunk(1), chunk(2)];
    const ids = [listIdOf([a, b], hash), listIdOf([b, a], hash), listIdOf([a, { ...b, sizeBytes: 1 }], hash), listIdOf([a, b, b], hash)];
    expect(new Set(ids).size).toBe(4);
  });

  test('is inline up to 64 chunks and segmented beyond', () => {
    expect(buildChunkList(chunks(64), hash).form).toBe('inline');
    expect(buildChunkList(chunks(65), hash).form).toBe('segmented');
  });
});

describe('segments', () => {
  test('keep their bounds and hold the whole list in order', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3000 }), fc.nat(100_000), (count, from) => {
        const list = chunks(count, from);
        const segments = cutSegments(list);
        expect(segments.flat()).toEqual(list);
        for (const segment of segments.slice(0, -1)) expect(segment.length).toBeGreaterThanOrEqual(segmentChunks.fewest);
        for (const segment of segments) expect(segment.length).toBeLessThanOrEqual(segmentChunks.most);
      }),
      { numRuns: 20 },
    );
  });

  test('are about 256 chunks long', () => {
    const count = cutSegments(chunks(20_000)).length;
    expect(20_000 / count).toBeGreaterThan(200);
    expect(20_000 / count).toBeLessThan(320);
  });

  test('stay the same away from an edit', () => {
    const before = chunks(20_000);
    const known = new Set(segmented(buildChunkList(before, hash)).segments.map(({ digest }) => digest));
    const rewritten = (after: ChunkRef[]) =>
      segmented(buildChunkList(after, hash)).segments.filter(({ digest }) => !known.has(digest)).length;
    for (const at of [0, 5_000, 12_345, 19_999]) {
      expect(rewritten(before.with(at, chunk(1_000_000 + at)))).toBeLessThanOrEqual(3);
      expect(rewritten(before.toSpliced(at, 0, chunk(2_000_000 + at)))).toBeLessThanOrEqual(3);
      expect(rewritten(before.toSpliced(at, 1))).toBeLessThanOrEqual(3);
    }
  });

  test('are bounded even when no digest cuts', () => {
    const same = Array.from({ length: 3_000 }, () => ({ digest: '1'.repeat(64) as Digest, sizeBytes: 1 }));
    expect(cutSegments(same).map(({ length }) => length)).toEqual([1024, 1024, 952]);
  });
});

describe('a segmented list', () => {
  const list = segmented(buildChunkList(chunks(2_000), hash));

  test('opens to what it was built from', () => {
    const opened = openChunkList(list.listId, list.root.bytes, list.segments, hash);
    expect(opened).toEqual({ ok: true, chunks: chunks(2_000), sizeBytes: list.sizeBytes });
  });

  test('names the segments that are missing', () => {
    const opened = openChunkList(list.listId, list.root.bytes, list.segments.slice(1), hash);
    expect(opened).toMatchObject({ ok: false, missing: [list.segments[0]!.digest] });
  });

  test('is refused with any one bit flipped, in root or segment', () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(7), fc.boolean(), (place, bit, inRoot) => {
        const flip = (bytes: Uint8Array) => bytes.with(place % bytes.length, bytes[place % bytes.length]! ^ (1 << bit));
        const [first, ...rest] = list.segments;
        const root = inRoot ? flip(list.root.bytes) : list.root.bytes;
        const segments = inRoot ? list.segments : [{ digest: first!.digest, bytes: flip(first!.bytes) }, ...rest];
        expect(openChunkList(list.listId, root, segments, hash).ok).toBe(false);
      }),
      { numRuns: 60 },
    );
  });

  test('cut in another way is refused, or one file would have two ids', () => {
    const halves = [chunks(1_000), chunks(1_000, 1_000)].map((half) => segmented(buildChunkList(half, hash)));
    const refs = halves.flatMap((half) => decodeRoot(half.root.bytes)!);
    const root = encodeRoot(refs);
    const opened = openChunkList(
      hash(root),
      root,
      halves.flatMap(({ segments }) => segments),
      hash,
    );
    expect(opened).toMatchObject({ ok: false, detail: 'the list is not cut as the rule cuts' });
  });

  test('a root that misstates a segment is refused', () => {
    const refs = decodeRoot(list.root.bytes)!;
    const root = encodeRoot(refs.with(0, { ...refs[0]!, sizeBytes: refs[0]!.sizeBytes + 1 }));
    const opened = openChunkList(hash(root), root, list.segments, hash);
    expect(opened).toMatchObject({ ok: false, detail: 'a segment is not what the root says' });
  });
});

describe('decoding', () => {
  test('answers undefined for anything that is no encoding, and never throws', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(decodeSegment(bytes)).toBeUndefined();
        expect(decodeRoot(bytes)).toBeUndefined();
      }),
    );
  });

  test('does not take a segment for a root, nor a truncated one for a shorter one', () => {
    const { bytes } = segmented(buildChunkList(chunks(70), hash)).segments[0]!;
    expect(decodeSegment(bytes)).toHaveLength(70);
    expect(decodeRoot(bytes)).toBeUndefined();
    expect(decodeSegment(bytes.subarray(0, -1))).toBeUndefined();
  });
});
