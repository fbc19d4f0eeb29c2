import { expect, test } from '@jest/globals';
import { CodecSlots } from './codec-slots.ts';

test('so many decode at once, so many wait, and the rest is told to come again', async () => {
  const slots = new CodecSlots(1, 2);
  expect(await slots.take()).toBe(true);
  const [second, third] = [slots.take(), slots.take()];
  expect([await slots.take(), slots.tryTake(), slots.waiting]).toEqual([false, false, 2]);
  slots.release();
  expect([await second, slots.waiting]).toEqual([true, 1]);
  slots.release();
  slots.release();
  expect([await third, slots.waiting, slots.tryTake()]).toEqual([true, 0, true]);
});
