import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { buildChunkList, type SegmentRef } from './chunk-list.ts';
import { cutSegments, segmentChunks } from './cut-segments.ts';
import { digestBytes, type ChunkRef, type Digest, type Hash } from './digest.ts';
import { maxChunkBytes } from './limits.ts';
import { decodeRoot, decodeSegment, encodeInline, encodeRoot, encodeSegment, maxSegments } from './list-encoding.ts';
import { openChunkList } from './open-chunk-list.ts';

const hash: Hash = (bytes) => createHash('sha256').update(bytes).digest('hex') as Digest;
const digest = fc
  .uint8Array({ minLength: digestBytes, maxLength: digestBytes })
  .map((bytes) => Buffer.from(bytes).toString('hex') as Digest);
const chunk: fc.Arbitrary<ChunkRef> = fc.record({ digest, sizeBytes: fc.integer({ min: 1, max: maxChunkBytes }) });
const segment: fc.Arbitrary<SegmentRef> = fc
  .tuple(digest, fc.integer({ min: 1, max: segmentChunks.most }), fc.double({ min: 0, max: 1, noNaN: true }))
  .map(([one, chunks, part]) => ({ digest: one, chunks, sizeBytes: Math.round(chunks + part * chunks * (maxChunkBytes - 1)) }));
const one: Digest = 'ab'.repeat(32) as Digest;

const encodings = [
  {
    name: 'a segment',
    head: 'driftbox list segment 1\0',
    row: 36,
    most: segmentChunks.most,
    decode: decodeSegment,
    encode: encodeSegment,
    rows: chunk,
  },
  { name: 'a root', head: 'driftbox list root 1\0', row: 44, most: maxSegments, decode: decodeRoot, encode: encodeRoot, rows: segment },
] as const;

describe.each(encodings)('$name', ({ head, row, decode, encode, rows }) => {
  const list = fc.array(rows as fc.Arbitrary<ChunkRef & SegmentRef>, { minLength: 1, maxLength: 30 });

  test('decodes to what was encoded, wherever in a buffer it lies', () => {
    fc.assert(
      fc.property(list, fc.nat(9), (given, shift) => {
        const bytes = encode(given);
        expect(bytes.length).toBe(head.length + given.length * row);
        expect(Buffer.from(bytes).toString('latin1', 0, head.length)).toBe(head);
        const within = Buffer.concat([Buffer.alloc(shift, 0xff), bytes, Buffer.alloc(3, 0xff)]).subarray(shift, shift + bytes.length);
        expect(decode(within)).toEqual(given);
      }),
    );
  });

  test('is the only encoding of what it decodes to: whatever one byte becomes, it is refused or is another list', () => {
    fc.assert(
      fc.property(list, fc.nat(), fc.integer({ min: 1, max: 255 }), (given, place, bits) => {
        const bytes = encode(given);
        const at = place % bytes.length;
        const altered = bytes.with(at, (bytes[at] ?? 0) ^ bits);
        const decoded = decode(altered);
        if (at < head.length) expect(decoded).toBeUndefined();
        if (decoded === undefined) return;
        expect(decoded).not.toEqual(given);
        expect(encode(decoded as (ChunkRef & SegmentRef)[])).toEqual(altered);
      }),
      { numRuns: 300 },
    );
  });

  test('is refused wherever it is cut off but between rows, and with a byte too many', () => {
    fc.assert(
      fc.property(list, (given) => {
        const bytes = encode(given);
        for (let length = 0; length <= bytes.length; length += 1) {
          const rowsThere = (length - head.length) / row;
          const decoded = decode(bytes.subarray(0, length));
          expect(decoded).toEqual(Number.isInteger(rowsThere) && rowsThere >= 1 ? given.slice(0, rowsThere) : undefined);
        }
        expect(decode(Buffer.concat([bytes, Buffer.alloc(1)]))).toBeUndefined();
      }),
      { numRuns: 10 },
    );
  });
});

describe('the bounds of a row', () => {
  test.each([
    [0, false],
    [1, true],
    [maxChunkBytes, true],
    [maxChunkBytes + 1, false],
    [0xffffffff, false],
  ])('a chunk of %i bytes is taken: %s', (sizeBytes, isTaken) => {
    expect(decodeSegment(encodeSegment([{ digest: one, sizeBytes }])) !== undefined).toBe(isTaken);
  });

  test.each([
    [0, 0, false],
    [1, 0, false],
    [1, 1, true],
    [2, 1, false],
    [2, 2, true],
    [2, 2 * maxChunkBytes, true],
    [2, 2 * maxChunkBytes + 1, false],
    [segmentChunks.most, segmentChunks.most, true],
    [segmentChunks.most + 1, segmentChunks.most + 1, false],
    [1, Number.MAX_SAFE_INTEGER, false],
  ])('a segment of %i chunks and %i bytes is taken: %s', (chunks, sizeBytes, isTaken) => {
    expect(decodeRoot(encodeRoot([{ digest: one, chunks, sizeBytes }])) !== undefined).toBe(isTaken);
  });

  test('one row that is wrong spoils all of them', () => {
    const good = { digest: one, sizeBytes: 5 };
    for (const at of [0, 1, 2])
      expect(decodeSegment(encodeSegment([good, good, good].with(at, { ...good, sizeBytes: 0 })))).toBeUndefined();
  });

  test.each([segmentChunks.most, segmentChunks.most + 1])('a segment of %i rows is taken up to 1,024', (count) => {
    const bytes = encodeSegment(Array.from({ length: count }, () => ({ digest: one, sizeBytes: 1 })));
    expect(decodeSegment(bytes)?.length).toBe(count <= segmentChunks.most ? count : undefined);
  });

  test('a root names 65,536 segments and not one more', () => {
    const bytes = encodeRoot(Array.from({ length: maxSegments + 1 }, () => ({ digest: one, chunks: 1, sizeBytes: 1 })));
    expect(decodeRoot(bytes)).toBeUndefined();
    expect(decodeRoot(bytes.subarray(0, -44))).toHaveLength(maxSegments);
  });
});

test('the three encodings of the same rows are never the same bytes, nor is one taken for another', () => {
  fc.assert(
    fc.property(fc.array(chunk, { minLength: 1, maxLength: 20 }), (chunks) => {
      const [inline, asSegment] = [encodeInline(chunks), encodeSegment(chunks)];
      const root = encodeRoot(chunks.map(({ digest: id, sizeBytes }) => ({ digest: id, chunks: 1, sizeBytes })));
      expect(new Set([inline, asSegment, root].map(hash)).size).toBe(3);
      for (const other of [inline, root]) expect(decodeSegment(other)).toBeUndefined();
      for (const other of [inline, asSegment]) expect(decodeRoot(other)).toBeUndefined();
    }),
  );
});

/** A chunk after which the rule cuts, or does not. */
const cutting = (n: number, cuts: boolean): ChunkRef => ({
  digest:
    `${(cuts ? segmentChunks.oneIn : segmentChunks.oneIn + 1).toString(16).padStart(8, '0')}${n.toString(16).padStart(56, '0')}` as Digest,
  sizeBytes: 1,
});
const lengthsOf = (cuts: readonly boolean[]): number[] => cutSegments(cuts.map((does, n) => cutting(n, does))).map(({ length }) => length);
const after = (count: number, cuts: boolean): boolean[] => Array.from({ length: count }, () => cuts);

describe('a list is cut', () => {
  test.each([
    ['of nothing into nothing', [], []],
    ['of one chunk into one', after(1, true), [1]],
    ['nowhere before 64 chunks, though each cuts', after(63, true), [63]],
    ['at 64 chunks, where each cuts', after(200, true), [64, 64, 64, 8]],
    ['at the first that cuts from the 64th on', [...after(64, false), true, ...after(5, false)], [65, 5]],
    ['not at the 63rd, though it cuts', [...after(62, false), true, ...after(10, false)], [73]],
    ['at 1,024 chunks, where none cuts', after(1_025, false), [1_024, 1]],
    ['with no empty rest', after(1_024, false), [1_024]],
    ['anew behind a cut', [...after(64, true), ...after(63, true), ...after(1, false), true], [64, 65]],
  ] as const)('%s', (_what, cuts, lengths) => {
    expect(lengthsOf(cuts)).toEqual(lengths);
  });

  test('of two that begin apart and go on alike, alike behind the first cut that both have', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 1, max: 300 }), (mine, theirs) => {
        const common = [...after(1_024, false), ...after(64, true), ...after(900, false), ...after(64, true), ...after(10, false)];
        const tail = (before: number): number => lengthsOf([...after(before, false), ...common]).at(-1) ?? 0;
        expect(tail(mine)).toBe(tail(theirs));
      }),
      { numRuns: 20 },
    );
  });
});

describe('opening a segmented list', () => {
  const chunks = Array.from({ length: 300 }, (_, n) => cutting(n, n % 70 === 69));
  const built = buildChunkList(chunks, hash);
  if (built.form !== 'segmented') throw new Error('expected a segmented list');
  const { listId, root, segments } = built;

  test('takes segments in any order, more than once, and beside others', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([...segments], { minLength: segments.length }), (some) => {
        const other = { digest: one, bytes: Buffer.from('not a segment') };
        expect(openChunkList(listId, root.bytes, [other, ...some, ...some], hash)).toEqual({ ok: true, chunks, sizeBytes: 300 });
      }),
      { numRuns: 20 },
    );
  });

  test('names exactly what is missing, in order, and has nothing to say of the rest', () => {
    fc.assert(
      fc.property(fc.subarray([...segments], { maxLength: segments.length - 1 }), (some) => {
        const missing = segments.filter((each) => !some.includes(each)).map((each) => each.digest);
        expect(openChunkList(listId, root.bytes, some, hash)).toEqual({ ok: false, missing, detail: 'segments are missing' });
      }),
      { numRuns: 20 },
    );
  });

  test('refuses an id that is not the root’s, and a root that is none though its id is right', () => {
    expect(openChunkList(one, root.bytes, segments, hash)).toEqual({ ok: false, detail: 'the root is not what its id says' });
    for (const bytes of [Buffer.alloc(0), Buffer.from('x'), encodeSegment(chunks), encodeInline(chunks)])
      expect(openChunkList(hash(bytes), bytes, segments, hash)).toEqual({ ok: false, detail: 'the root is not a list of segments' });
  });

  test('refuses a segment under a digest that is not its own, and one of other counts than the root says', () => {
    const [first, second] = segments;
    if (first === undefined || second === undefined) throw new Error('there are two');
    const swapped = segments.with(0, { digest: first.digest, bytes: second.bytes });
    expect(openChunkList(listId, root.bytes, swapped, hash)).toMatchObject({ ok: false, detail: 'a segment is not what the root says' });
    const refs = decodeRoot(root.bytes) ?? [];
    const [ref] = refs;
    if (ref === undefined) throw new Error('there is one');
    for (const wrong of [
      { ...ref, chunks: ref.chunks + 1, sizeBytes: ref.sizeBytes + 1 },
      { ...ref, chunks: ref.chunks - 1 },
    ]) {
      const other = encodeRoot(refs.with(0, wrong));
      expect(openChunkList(hash(other), other, segments, hash)).toMatchObject({ ok: false, detail: 'a segment is not what the root says' });
    }
  });

  test('refuses a root for what is short enough to be inline: one file would have two ids', () => {
    const few = chunks.slice(0, 64);
    const bytes = encodeSegment(few);
    const alone = encodeRoot([{ digest: hash(bytes), chunks: 64, sizeBytes: 64 }]);
    expect(openChunkList(hash(alone), alone, [{ digest: hash(bytes), bytes }], hash)).toEqual({
      ok: false,
      detail: 'the list is not cut as the rule cuts',
    });
  });
});
