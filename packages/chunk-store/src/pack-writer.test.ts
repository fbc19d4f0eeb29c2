import { randomBytes } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { dataKeyOf } from './data-key.ts';
import { headerBytes, maxFrames, maxGatheredBytes, maxPlainBytes, tagBytes, trailerBytes } from './pack-format.ts';
import { parsePackId } from './pack-id.ts';
import { PackWriter } from './pack-writer.ts';
import { chunkOf, defined, newKey } from './testing/pack-fixture.ts';

const entryBytes = 41;
const raw = (size: number) => chunkOf(Buffer.alloc(size, 7));

describe('a chunk', () => {
  test.each([
    ['1 byte', raw(1), true],
    ['8 MiB', raw(maxPlainBytes), true],
    ['a byte more than 8 MiB', { ...raw(1), plainSize: maxPlainBytes + 1, bytes: Buffer.alloc(maxPlainBytes + 1) }, false],
    ['nothing', { ...raw(1), plainSize: 0, bytes: Buffer.alloc(0) }, false],
    ['a byte more than it says', { ...raw(9), bytes: Buffer.alloc(10) }, false],
    ['a byte less than it says', { ...raw(9), bytes: Buffer.alloc(8) }, false],
    ['one compressed byte less', { ...raw(9), encoding: 'zstd' as const, bytes: Buffer.alloc(8) }, true],
    ['as many compressed bytes', { ...raw(9), encoding: 'zstd' as const, bytes: Buffer.alloc(9) }, false],
    ['more compressed bytes', { ...raw(9), encoding: 'zstd' as const, bytes: Buffer.alloc(10) }, false],
    ['8 MiB and a byte, compressed', { ...raw(9), encoding: 'zstd' as const, plainSize: maxPlainBytes + 1 }, false],
    ['8 MiB, compressed', { ...raw(9), encoding: 'zstd' as const, plainSize: maxPlainBytes }, true],
  ])('of %s is taken: %s', (_what, chunk, isTaken) => {
    const writer = new PackWriter(newKey());
    if (isTaken) expect(writer.add(chunk)).toBe(0);
    else expect(() => writer.add(chunk)).toThrow(/1 byte to 8 MiB|sizes do not agree/);
    expect(writer.frames).toBe(isTaken ? 1 : 0);
  });

  test('that is refused leaves the pack as it was', () => {
    const writer = new PackWriter(newKey());
    writer.add(raw(5));
    expect(() => writer.add({ ...raw(5), plainSize: 6 })).toThrow('sizes');
    expect(writer.add(raw(6))).toBe(1);
    expect(writer.finish().frames.map(({ frame, plainSize, offset }) => [frame, plainSize, offset])).toEqual([
      [0, 5, headerBytes],
      [1, 6, headerBytes + 5 + tagBytes],
    ]);
  });
});

describe('the room of a pack', () => {
  test('is 16 MiB of frames with their tags, to the byte', () => {
    const writer = new PackWriter(newKey());
    writer.add(raw(maxPlainBytes));
    const left = maxGatheredBytes - (maxPlainBytes + tagBytes) - tagBytes;
    expect([writer.fits(left), writer.fits(left + 1)]).toEqual([true, false]);
    writer.add(raw(left - 100));
    expect([writer.fits(100 - tagBytes), writer.fits(100 - tagBytes + 1)]).toEqual([true, false]);
    writer.add(raw(100 - tagBytes));
    expect(() => writer.add(raw(1))).toThrow('full');
    const { sizeBytes, frames } = writer.finish();
    expect(frames.reduce((sum, { length }) => sum + length, 0)).toBe(maxGatheredBytes);
    expect(sizeBytes).toBe(headerBytes + maxGatheredBytes + 3 * entryBytes + tagBytes + trailerBytes);
  });

  test('is so many frames, and they all are in the footer', () => {
    const writer = new PackWriter(newKey());
    for (let frame = 0; frame < maxFrames; frame += 1) {
      expect(writer.fits(1)).toBe(true);
      writer.add(raw(1));
    }
    expect(() => writer.add(raw(1))).toThrow('full');
    const { frames, sizeBytes } = writer.finish();
    expect(frames).toHaveLength(maxFrames);
    expect(sizeBytes).toBe(headerBytes + maxFrames * (1 + tagBytes + entryBytes) + tagBytes + trailerBytes);
  });
});

test('a sealed pack tells its own size, and its frames lie one after another without a gap', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1, maxLength: 20 }), fc.boolean(), (sizes, compressed) => {
      const key = newKey(9);
      const writer = new PackWriter(key);
      for (const size of sizes) writer.add(chunkOf(Buffer.alloc(size, 'ab'), compressed));
      const { id, generation, bytes, sizeBytes, frames } = writer.finish();
      expect(Buffer.concat(bytes)).toHaveLength(sizeBytes);
      expect([id, generation]).toEqual([writer.id, 9]);
      let offset = headerBytes;
      for (const [index, frame] of frames.entries()) {
        expect(frame).toMatchObject({ frame: index, offset, packId: id, generation: 9, plainSize: sizes[index] });
        offset += frame.length;
      }
      expect(sizeBytes - offset).toBe(sizes.length * entryBytes + tagBytes + trailerBytes);
    }),
    { numRuns: 50 },
  );
});

describe('a data key', () => {
  const { tenant } = newKey();

  test.each([0, 31, 33, 64])('of %i bytes is none', (length) => {
    expect(() => dataKeyOf(tenant, 1, Buffer.alloc(length))).toThrow('32 bytes');
  });

  test.each([1, 2, 0xffffffff])('may be of generation %i, which the header names', (generation) => {
    const writer = new PackWriter(dataKeyOf(tenant, generation, Buffer.alloc(32)));
    writer.add(raw(1));
    expect(Buffer.from(defined(writer.finish().bytes[0])).readUInt32BE(8)).toBe(generation);
  });

  test.each([0, -1, 0.5, 2 ** 32, Number.NaN, Infinity])('is not of generation %d', (generation) => {
    expect(() => dataKeyOf(tenant, generation, Buffer.alloc(32))).toThrow('generation');
  });

  test('keeps its own copy of the secret', () => {
    const secret = randomBytes(32);
    const key = dataKeyOf(tenant, 1, secret);
    const before = Buffer.from(secret);
    secret.fill(0);
    expect(before.equals(key.secret.export())).toBe(true);
  });
});

test('a text is a pack id exactly if it is 32 lower-case hexadecimal digits', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 16, maxLength: 16 }),
      fc.nat(31),
      fc.string({ unit: 'binary-ascii', minLength: 1, maxLength: 1 }),
      (bytes, at, other) => {
        const text = Buffer.from(bytes).toString('hex');
        expect(parsePackId(text)).toBe(text);
        const changed = text.slice(0, at) + other + text.slice(at + 1);
        expect(parsePackId(changed) !== undefined).toBe(/[0-9a-f]/.test(other));
        for (const wrong of [text.slice(1), `${text}0`, ` ${text}`, `${text}\n`]) expect(parsePackId(wrong)).toBeUndefined();
      },
    ),
  );
});
