import { strict as assert } from 'node:assert';
import { randomBytes } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { CodecSlots, compressionPays, decodeDelta, decodeFromWire, digestOf, encodeDelta, encodeForWire } from './index.ts';

const named = (bytes: Uint8Array) => ({ digest: digestOf(bytes), plainSize: bytes.length });
async function deltaOf(chunk: Uint8Array, bases: readonly Uint8Array[]): Promise<Uint8Array> {
  const delta = await encodeDelta(chunk, bases);
  assert(delta !== undefined, 'a delta was expected');
  return delta;
}

const slots = () => new CodecSlots(2, 1);

describe('a delta', () => {
  const base = randomBytes(4 << 20);
  const chunk = Buffer.concat([base.subarray(0, 1000), Uint8Array.of(42), base.subarray(1000)]);

  test('of one byte inserted into 4 MiB of noise is under 1 kB, and comes back', async () => {
    const delta = await deltaOf(chunk, [base]);
    expect(delta.length).toBeLessThan(1000);
    const decoded = await decodeDelta(delta, [base], named(chunk));
    expect(decoded.ok && digestOf(decoded.bytes)).toBe(digestOf(chunk));
  });

  test('finds matches in the first of four bases', async () => {
    const bases = [base.subarray(0, 3 << 20), randomBytes(4 << 20), randomBytes(4 << 20), randomBytes(4 << 20)];
    const delta = await deltaOf(base.subarray(0, 3 << 20), bases);
    expect(delta.length).toBeLessThan(2000);
    expect((await decodeDelta(delta, bases, named(base.subarray(0, 3 << 20)))).ok).toBe(true);
  });

  test('is not made when it would not be smaller, when bases are too many, too large or look like a dictionary', async () => {
    const noise = randomBytes(10_000);
    expect(await encodeDelta(randomBytes(10_000), [noise])).toBeUndefined();
    expect(await encodeDelta(noise, [])).toBeUndefined();
    expect(
      await encodeDelta(
        noise,
        Array.from({ length: 5 }, () => noise),
      ),
    ).toBeUndefined();
    expect(await encodeDelta(noise, [Buffer.alloc((16 << 20) + 1)])).toBeUndefined();
    const magic = Buffer.concat([Uint8Array.of(0x37, 0xa4, 0x30, 0xec), noise]);
    expect(await encodeDelta(magic, [magic])).toBeUndefined();
    expect(await decodeDelta(noise, [magic], named(noise))).toEqual({ ok: false, reason: 'bases_refused' });
  });

  test('against the wrong base is refused', async () => {
    const delta = await deltaOf(chunk, [base]);
    const other = await decodeDelta(delta, [randomBytes(4 << 20)], named(chunk));
    expect(other.ok).toBe(false);
    const shorter = await decodeDelta(delta, [base.subarray(0, 100)], named(chunk));
    expect(shorter.ok).toBe(false);
  });

  test('damaged anyhow gives a failure or the very chunk, never a crash', async () => {
    const from = randomBytes(5000);
    const to = Buffer.concat([from.subarray(0, 2000), randomBytes(60), from.subarray(2100)]);
    const delta = await deltaOf(to, [from]);
    await fc.assert(
      fc.asyncProperty(fc.nat(delta.length - 1), fc.integer({ min: 1, max: 255 }), fc.boolean(), async (at, flip, cut) => {
        const damaged = Buffer.from(cut ? delta.subarray(0, at) : delta);
        if (!cut) damaged.writeUInt8(damaged.readUInt8(at) ^ flip, at);
        const decoded = await decodeDelta(damaged, [from], named(to));
        if (decoded.ok) expect(digestOf(decoded.bytes)).toBe(digestOf(to));
        else expect(['corrupt', 'digest_mismatch']).toContain(decoded.reason);
      }),
      { numRuns: 60 },
    );
  });

  test('that unfolds into more than it says is stopped', async () => {
    const bomb = await deltaOf(new Uint8Array(8 << 20), [base]);
    expect(bomb.length).toBeLessThan(2000);
    expect(await decodeDelta(bomb, [base], { digest: digestOf(bomb), plainSize: 1000 })).toEqual({ ok: false, reason: 'corrupt' });
    expect(await decodeDelta(bomb, [base], { digest: digestOf(bomb), plainSize: (8 << 20) + 1 })).toEqual({ ok: false, reason: 'corrupt' });
  });

  test('waits for a slot to be decoded and goes plain where none is free', async () => {
    const few = slots();
    expect([few.tryTake(), few.tryTake(), few.tryTake()]).toEqual([true, true, false]);
    expect(await encodeDelta(chunk, [base], few)).toBeUndefined();
    const text = Buffer.alloc(5000, 'text ');
    expect((await encodeForWire(text, [{ digest: digestOf(text), bytes: text }], few)).encoding).toBe('zstd');
    const delta = await deltaOf(chunk, [base]);
    const waiting = decodeDelta(delta, [base], named(chunk), few);
    expect(await decodeDelta(delta, [base], named(chunk), few)).toEqual({ ok: false, reason: 'busy' });
    few.release();
    expect((await waiting).ok).toBe(true);
  });
});

describe('the wire', () => {
  test('carries anything, with and without bases', async () => {
    const text = fc.string({ minLength: 1, maxLength: 5000 }).map((characters) => Buffer.from(characters));
    const bytes = fc.oneof(fc.uint8Array({ minLength: 1, maxLength: 2000 }), text);
    await fc.assert(
      fc.asyncProperty(bytes, fc.array(bytes, { maxLength: 3 }), async (chunk, bases) => {
        const encoded = await encodeForWire(
          chunk,
          bases.map((base) => ({ digest: digestOf(base), bytes: base })),
        );
        expect(encoded.bytes.length).toBeLessThanOrEqual(chunk.length);
        const { encoding } = encoded;
        const decoded = await decodeFromWire({ ...named(chunk), encoding }, encoded.bytes, encoding === 'delta' ? bases : []);
        expect(decoded.ok && Buffer.from(chunk).equals(decoded.bytes)).toBe(true);
      }),
    );
  });

  test('sends noise as it is and text compressed', async () => {
    expect(compressionPays(randomBytes(100_000))).toBe(false);
    const text = Buffer.alloc(100_000, 'the same words again ');
    expect(compressionPays(text)).toBe(true);
    expect((await encodeForWire(randomBytes(100_000))).encoding).toBe('raw');
    expect((await encodeForWire(text)).bytes.length).toBeLessThan(200);
  });

  test('refuses raw and zstd bytes that are not what they are called', async () => {
    const text = Buffer.alloc(1000, 'words ');
    const encoded = await encodeForWire(text);
    const other = digestOf(randomBytes(4));
    for (const [encoding, bytes] of [
      ['raw', text],
      ['zstd', encoded.bytes],
    ] as const) {
      expect(await decodeFromWire({ encoding, digest: other, plainSize: 1000 }, bytes)).toEqual({ ok: false, reason: 'digest_mismatch' });
      expect(await decodeFromWire({ encoding, digest: digestOf(text), plainSize: 999 }, bytes)).toEqual({ ok: false, reason: 'corrupt' });
    }
    expect(await decodeFromWire({ ...named(text), encoding: 'zstd' }, randomBytes(50))).toEqual({ ok: false, reason: 'corrupt' });
  });
});
