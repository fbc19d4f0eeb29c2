import { createHash } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { parseDigest } from '@driftbox/domain';
import { encodeFrame, frameKinds } from '@driftbox/protocol';
import fc from 'fast-check';
import { asciiBytes, encodeFrames } from '../k6/frame.ts';

const frame = fc.record({
  kind: fc.constantFrom('chunk' as const, 'commit' as const),
  payload: fc.uint8Array({ minLength: 1, maxLength: 300 }),
});

test('frames for k6 are those of the protocol, byte for byte', () => {
  expect(frameKinds).toEqual(expect.arrayContaining(['chunk', 'commit']));
  fc.assert(
    fc.property(fc.array(frame, { maxLength: 4 }), (frames) => {
      const named = frames.map((one) => ({ ...one, digest: parseDigest(createHash('sha256').update(one.payload).digest('hex'))! }));
      const expected = named.flatMap((one) => encodeFrame({ ...one, plainSize: one.payload.length, encoding: 'raw', bases: [] }));
      expect(Buffer.from(encodeFrames(named)).equals(Buffer.concat(expected))).toBe(true);
    }),
  );
});

test('a commit becomes the bytes of its text', () => {
  const text = JSON.stringify({ name: 'load-1', sizeBytes: 5 });
  expect(Buffer.from(asciiBytes(text)).toString('utf8')).toBe(text);
});
