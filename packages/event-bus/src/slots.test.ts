import { describe, expect, test } from '@jest/globals';
import { BusUnavailable } from './event-bus.ts';
import { createSlots } from './slots.ts';

describe('slots', () => {
  test('are given in the order asked, and never more than there are', async () => {
    const slots = createSlots(3, 10_000);
    const order: number[] = [];
    const asked = Array.from({ length: 6 }, async (_, n) => {
      await slots.take();
      order.push(n);
    });
    await Promise.all(asked.slice(0, 3));
    expect([order, slots.taken, slots.waiting]).toEqual([[0, 1, 2], 3, 3]);
    slots.give();
    await asked[3];
    expect([order, slots.taken]).toEqual([[0, 1, 2, 3], 3]);
    for (let n = 0; n < 2; n += 1) slots.give();
    await Promise.all(asked);
    expect(order).toEqual([0, 1, 2, 3, 4, 5]);
    for (let n = 0; n < 3; n += 1) slots.give();
    expect(slots.taken).toBe(0);
  });

  test("one who gave up waiting takes nobody's place", async () => {
    const slots = createSlots(1, 2);
    await slots.take();
    await expect(slots.take()).rejects.toThrow('within 2 ms');
    slots.give();
    await slots.take();
    expect(slots.taken).toBe(1);
  });

  test('shut, they fail everybody who waits or comes', async () => {
    const slots = createSlots(1, 10_000);
    await slots.take();
    const waiting = expect(slots.take()).rejects.toBeInstanceOf(BusUnavailable);
    slots.shut();
    await waiting;
    await expect(slots.take()).rejects.toBeInstanceOf(BusUnavailable);
  });
});
