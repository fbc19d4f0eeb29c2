import { expect, test } from '@jest/globals';
import { freeOwn } from './free-own.ts';

const size = 64 << 10;

test('bytes that have their memory to themselves are freed', () => {
  const bytes = new Uint8Array(size);
  freeOwn(bytes);
  expect(bytes.length).toBe(0);
  freeOwn(bytes);
});

test('memory that others look at stays', () => {
  const whole = new Uint8Array(2 * size).fill(7);
  freeOwn(whole.subarray(0, size));
  expect(whole.length).toBe(2 * size);
  const shared = new Uint8Array(new SharedArrayBuffer(size));
  freeOwn(shared);
  expect(shared.length).toBe(size);
});
