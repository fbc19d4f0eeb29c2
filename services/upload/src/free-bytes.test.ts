import { describe, expect, test } from '@jest/globals';
import { freeBytes } from './free-bytes.ts';

describe('freeing bytes', () => {
  test('takes large memory that a piece has to itself, once', () => {
    const piece = new Uint8Array(100_000);
    freeBytes([piece, piece]);
    expect([piece.length, piece.buffer.detached]).toEqual([0, true]);
  });

  test('leaves views of shared memory and small pieces alone', () => {
    const whole = new Uint8Array(300_000).fill(7);
    const pieces = [whole.subarray(0, 200_000), whole.subarray(200_000), new Uint8Array(100), Buffer.from('pooled')];
    freeBytes(pieces);
    expect(pieces.map((piece) => piece.length)).toEqual([200_000, 100_000, 100, 6]);
    expect(whole.every((byte) => byte === 7)).toBe(true);
  });
});
