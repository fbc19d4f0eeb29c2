import { mock } from 'node:test';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type * as SharedMemory from './shared-memory.ts';

// A module of this test's own: other tests of the process may have given memory back.
const own = new URL('shared-memory.ts?own', import.meta.url).href;
const { giveShared, takeShared } = (await import(own)) as typeof SharedMemory;

beforeAll(() => mock.timers.enable({ apis: ['setTimeout'] }));
afterAll(() => mock.timers.reset());

const mebibyte = 1 << 20;

test('what is given back is taken again, by the smaller too', () => {
  const large = takeShared(6 * mebibyte);
  giveShared(large);
  const again = takeShared(4 * mebibyte);
  expect(again.buffer).toBe(large.buffer);
  expect(again.length).toBe(4 * mebibyte);
  expect(() => giveShared(large)).not.toThrow();
  expect(() => giveShared(again)).toThrow('once');
});

test('nothing is kept once nobody has given anything for a while', () => {
  const first = takeShared(4 * mebibyte);
  giveShared(first);
  mock.timers.tick(9_000);
  const second = takeShared(4 * mebibyte);
  expect(second.buffer).toBe(first.buffer);
  giveShared(second);
  mock.timers.tick(10_000);
  expect(takeShared(4 * mebibyte).buffer).not.toBe(first.buffer);
});
