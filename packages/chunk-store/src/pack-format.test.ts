import { randomBytes } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  decodeFooter,
  decodeHeader,
  decodeTrailer,
  encodeFooter,
  encodeHeader,
  encodeTrailer,
  footerContext,
  footerFrame,
  frameContext,
  headerBytes,
  maxFrames,
  nonceOf,
  tagBytes,
} from './pack-format.ts';
import type { FrameRef } from './pack-format.ts';
import { PackIdentity } from './pack-id.ts';
import { chunkOf, flipped, newKey } from './testing/pack-fixture.ts';

const corrupt = (act: () => unknown) => expect(act).toThrow(expect.objectContaining({ name: 'StoreError', kind: 'corrupt' }));

/** Frames of these lengths, one after another. */
function framesOf(lengths: readonly number[]): FrameRef[] {
  let offset = headerBytes;
  return lengths.map((length, frame) => {
    const { digest } = chunkOf(randomBytes(8));
    const ref = { frame, offset, length, digest, plainSize: length * 2, encoding: frame % 2 === 0 ? ('raw' as const) : ('zstd' as const) };
    offset += length;
    return ref;
  });
}

describe('the header', () => {
  test('carries any generation', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0xffffffff }), (generation) => {
        expect(decodeHeader(encodeHeader(generation))).toBe(generation);
      }),
    );
  });

  test('reads as the document says', () => {
    expect(Buffer.from(encodeHeader(258)).toString('latin1')).toBe('DBXPACK\x01\x00\x00\x01\x02');
  });

  test('is corrupt when short, of another kind, or of a format to come', () => {
    const header = encodeHeader(1);
    corrupt(() => decodeHeader(header.subarray(0, 11)));
    for (let at = 0; at < 8; at += 1) corrupt(() => decodeHeader(flipped(header, at, 3)));
  });
});

describe('the footer', () => {
  const lengths = fc.array(fc.integer({ min: 17, max: 1 << 20 }), { minLength: 1, maxLength: 50 });

  test('gives back its frames, offsets included', () => {
    fc.assert(
      fc.property(lengths, (given) => {
        const frames = framesOf(given);
        expect(
          decodeFooter(
            encodeFooter(frames),
            given.reduce((sum, length) => sum + length, 0),
          ),
        ).toEqual(frames);
      }),
    );
  });

  test('is corrupt unless its frames fill the pack exactly', () => {
    fc.assert(
      fc.property(lengths, fc.integer({ min: 1, max: 100 }), (given, off) => {
        const total = given.reduce((sum, length) => sum + length, 0);
        corrupt(() => decodeFooter(encodeFooter(framesOf(given)), total + off));
        corrupt(() => decodeFooter(encodeFooter(framesOf(given)), total - off));
      }),
    );
  });

  test('is corrupt when it names an encoding that does not exist', () => {
    const footer = Buffer.from(encodeFooter(framesOf([100])));
    footer.writeUInt8(2, 32);
    corrupt(() => decodeFooter(footer, 100));
  });
});

describe('the trailer', () => {
  test('tells how many frames a footer of its length lists', () => {
    for (const frames of [1, 2, 1000, maxFrames]) {
      const footerLength = frames * 41 + tagBytes;
      expect(decodeTrailer(encodeTrailer(footerLength))).toEqual({ footerLength, frames });
    }
  });

  test('is corrupt for lengths that no footer has', () => {
    for (const frames of [0, 0.5, -1 / 41, maxFrames + 1]) corrupt(() => decodeTrailer(encodeTrailer(frames * 41 + tagBytes)));
    corrupt(() => decodeTrailer(encodeTrailer(0)));
  });

  test('is corrupt when cut off or of another kind', () => {
    const trailer = encodeTrailer(57);
    corrupt(() => decodeTrailer(trailer.subarray(1)));
    for (let at = 4; at < 8; at += 1) corrupt(() => decodeTrailer(flipped(trailer, at)));
  });
});

describe('nonces and associated data', () => {
  test("no two frames have one nonce, and none has the footer's", () => {
    const nonces = Array.from({ length: maxFrames }, (_, frame) => Buffer.from(nonceOf(frame)).toString('hex'));
    expect(new Set([...nonces, Buffer.from(nonceOf(footerFrame)).toString('hex')]).size).toBe(maxFrames + 1);
  });

  test('differ in everything that a frame is bound to', () => {
    const key = newKey();
    const pack = PackIdentity.random().id;
    const frame = { frame: 0, length: 116, ...chunkOf(randomBytes(100)) };
    const contexts = [
      frameContext(key, pack, frame),
      frameContext({ ...key, generation: 2 }, pack, frame),
      frameContext(newKey(), pack, frame),
      frameContext(key, PackIdentity.random().id, frame),
      frameContext(key, pack, { ...frame, frame: 1 }),
      frameContext(key, pack, { ...frame, length: 117 }),
      frameContext(key, pack, { ...frame, plainSize: 101 }),
      frameContext(key, pack, { ...frame, encoding: 'zstd' }),
      frameContext(key, pack, { ...frame, digest: chunkOf(randomBytes(9)).digest }),
      footerContext(key, pack, 0),
      footerContext(key, pack, 1),
      footerContext({ ...key, generation: 2 }, pack, 1),
    ];
    expect(new Set(contexts.map((context) => Buffer.from(context).toString('hex'))).size).toBe(contexts.length);
  });
});
