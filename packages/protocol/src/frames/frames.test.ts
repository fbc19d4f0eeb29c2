import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { parseDigest } from '@driftbox/domain';
import fc from 'fast-check';
import { FrameError, decodeFrames, encodeFrame } from './index.ts';
import type { Frame, FrameLimits } from './index.ts';

const digestOf = (bytes: Uint8Array) => parseDigest(createHash('sha256').update(bytes).digest('hex'))!;
const digest = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => parseDigest(Buffer.from(bytes).toString('hex'))!);
const payload = fc.uint8Array({ minLength: 1, maxLength: 300 });

const frame: fc.Arbitrary<Frame> = fc.oneof(
  fc.record({ kind: fc.constantFrom('chunk', 'list'), payload }).map(({ kind, payload: bytes }): Frame => raw(kind, bytes)),
  fc.record({
    kind: fc.constantFrom('chunk', 'list'),
    encoding: fc.constant('zstd'),
    digest,
    plainSize: fc.integer({ min: 1, max: 2 ** 23 }),
    bases: fc.constant([]),
    payload,
  }),
  fc.record({
    kind: fc.constantFrom('chunk', 'list'),
    encoding: fc.constant('delta'),
    digest,
    plainSize: fc.integer({ min: 1, max: 2 ** 23 }),
    bases: fc.array(digest, { minLength: 1, maxLength: 4 }),
    payload,
  }),
) as fc.Arbitrary<Frame>;
const body = fc
  .record({ frames: fc.array(frame, { maxLength: 8 }), commit: fc.option(payload) })
  .map(({ frames, commit }) => [...frames, ...(commit === null ? [] : [raw('commit', commit)])]);

function raw(kind: Frame['kind'], bytes: Uint8Array): Frame {
  return { kind, digest: digestOf(bytes), plainSize: bytes.length, encoding: 'raw', bases: [], payload: bytes };
}

function bytesOf(frames: readonly Frame[]): Uint8Array {
  return Buffer.concat(frames.flatMap((one) => encodeFrame(one)));
}

async function* pieces(bytes: Uint8Array, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  let at = 0;
  for (let turn = 0; at < bytes.length; turn += 1) {
    const size = sizes[turn % sizes.length]!;
    yield bytes.slice(at, at + size);
    at += size;
  }
}

async function read(bytes: Uint8Array, sizes: readonly number[] = [4096], limits?: FrameLimits): Promise<Frame[]> {
  const frames: Frame[] = [];
  // What the reader has no more use for is overwritten: no frame may look at it.
  const spoil = (piece: Uint8Array) => void piece.fill(0xa5);
  for await (const one of decodeFrames(pieces(new Uint8Array(bytes), sizes), limits, undefined, spoil)) frames.push(one);
  return frames;
}

/** Every frame read before the end or the fault, and the fault. Anything but a `FrameError` fails the test. */
async function attempt(bytes: Uint8Array, sizes?: readonly number[]): Promise<{ frames: Frame[]; fault: string | undefined }> {
  const frames: Frame[] = [];
  try {
    for await (const one of decodeFrames(pieces(bytes, sizes ?? [64]))) frames.push(one);
    return { frames, fault: undefined };
  } catch (error) {
    if (!(error instanceof FrameError)) throw error;
    return { frames, fault: error.fault };
  }
}

const plain = (frames: readonly Frame[]) => frames.map((one) => ({ ...one, payload: Buffer.from(one.payload).toString('hex') }));
const anySizes = fc.array(fc.integer({ min: 1, max: 500 }), { minLength: 1, maxLength: 5 });

describe('frames', () => {
  test('come out as they went in, however the body is divided', async () => {
    await fc.assert(
      fc.asyncProperty(body, anySizes, async (frames, sizes) => {
        expect(plain(await read(bytesOf(frames), sizes))).toEqual(plain(frames));
      }),
    );
  });

  test('cut short give the whole ones, then truncated', async () => {
    await fc.assert(
      fc.asyncProperty(
        body.filter((frames) => frames.length > 0),
        fc.double({ min: 0, max: 1, noNaN: true }),
        async (frames, where) => {
          const bytes = bytesOf(frames);
          const ends = frames.map((_, index) => bytesOf(frames.slice(0, index + 1)).length);
          const cut = Math.floor(where * (bytes.length - 1));
          const { frames: got, fault } = await attempt(bytes.subarray(0, cut));
          expect(got.length).toBe(ends.filter((end) => end <= cut).length);
          expect(fault).toBe(cut === 0 || ends.includes(cut) ? undefined : 'truncated');
        },
      ),
    );
  });

  test('with a flipped bit give a typed error or other frames, never a hang or a crash', async () => {
    await fc.assert(
      fc.asyncProperty(
        body.filter((frames) => frames.length > 0),
        fc.nat(),
        async (frames, bit) => {
          const bytes = bytesOf(frames);
          const at = bit % (bytes.length * 8);
          bytes[at >> 3]! ^= 1 << (at & 7);
          const { frames: got, fault } = await attempt(bytes);
          if (fault === undefined) expect(plain(got)).not.toEqual(plain(frames));
        },
      ),
    );
  });

  test('of random bytes are malformed', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 48, maxLength: 400 }), anySizes, async (bytes, sizes) => {
        const { frames, fault } = await attempt(bytes, sizes);
        expect({ frames, fault }).toEqual({ frames: [], fault: 'malformed' });
      }),
    );
  });

  test('end with the commit: in another order they are refused', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(frame, { minLength: 1, maxLength: 4 }), payload, async (frames, commit) => {
        const { fault } = await attempt(bytesOf([raw('commit', commit), ...frames]));
        expect(fault).toBe('malformed');
      }),
    );
  });

  test('shifted against each other are refused', async () => {
    await fc.assert(
      fc.asyncProperty(frame, fc.integer({ min: 1, max: 47 }), async (one, shift) => {
        expect((await attempt(bytesOf([one, one]).subarray(shift))).fault).toBe('malformed');
      }),
    );
  });
});

describe('limits of frames', () => {
  const bytes = bytesOf([raw('chunk', new Uint8Array(100)), raw('chunk', new Uint8Array(100))]);
  const limits = { maxPlainBytes: 100, maxEncodedBytes: 100, maxFrames: 2 };

  test('let through what is at the limit', async () => {
    expect(await read(bytes, [64], limits)).toHaveLength(2);
  });

  test.each([
    ['maxPlainBytes', 99],
    ['maxEncodedBytes', 99],
    ['maxFrames', 1],
  ] as const)('refuse what is beyond %s', async (name, value) => {
    await expect(read(bytes, [64], { ...limits, [name]: value })).rejects.toMatchObject({ fault: 'oversized' });
  });

  test('are checked before the bytes are awaited', async () => {
    const header = encodeFrame({ ...raw('chunk', new Uint8Array(8)), encoding: 'zstd', plainSize: 2 ** 23 })[0];
    new DataView(header.buffer).setUint32(12, 2 ** 31);
    async function* endless() {
      yield header;
      throw new Error('the decoder read on');
    }
    await expect(decodeFrames(endless()).next()).rejects.toMatchObject({ fault: 'oversized' });
  });

  test('hold for the encoder too', () => {
    const good = raw('chunk', new Uint8Array(8));
    expect(() => encodeFrame({ ...good, plainSize: 9 })).toThrow(FrameError);
    expect(() => encodeFrame({ ...good, payload: new Uint8Array(0) })).toThrow(FrameError);
    expect(() => encodeFrame({ ...good, encoding: 'delta' })).toThrow(FrameError);
    expect(() => encodeFrame({ ...good, kind: 'commit', encoding: 'delta', bases: [good.digest] })).toThrow(FrameError);
    expect(() => encodeFrame({ ...good, bases: [good.digest] })).toThrow(FrameError);
  });
});

describe('the decoder', () => {
  test('gives views, not copies, of what is large and lies in one piece', async () => {
    const bytes = bytesOf([raw('chunk', new Uint8Array(100_000))]);
    async function* whole() {
      yield bytes;
    }
    const { value } = await decodeFrames(whole()).next();
    expect(value!.payload.buffer).toBe(bytes.buffer);
  });

  test('closes its source when the taker stops', async () => {
    let closed = false;
    async function* source() {
      try {
        for (;;) yield bytesOf([raw('chunk', new Uint8Array(10))]);
      } finally {
        closed = true;
      }
    }
    for await (const one of decodeFrames(source())) if (one.kind === 'chunk') break;
    expect(closed).toBe(true);
  });
});
