import { describe, expect, test } from '@jest/globals';
import { ByteBudget } from './byte-budget.ts';

const never = new AbortController().signal;

describe('a byte budget', () => {
  test('lets wait who asks for more than is free, first come first served', async () => {
    const budget = new ByteBudget(10);
    await budget.take(6, never);
    const order: string[] = [];
    const large = budget.take(8, never).then(() => order.push('large'));
    const small = budget.take(2, never).then(() => order.push('small'));
    expect([budget.tryTake(1), budget.waiting]).toEqual([false, 2]);
    budget.release(6);
    await Promise.all([large, small]);
    expect(budget.waiting).toBe(0);
    expect(order).toEqual(['large', 'small']);
    expect(budget.freeBytes).toBe(0);
  });

  test('forgets who gave up, and lets those behind go on', async () => {
    const budget = new ByteBudget(10);
    await budget.take(5, never);
    const stop = new AbortController();
    const large = budget.take(10, stop.signal);
    const small = budget.take(5, never);
    stop.abort(new Error('gone'));
    await expect(large).rejects.toThrow('gone');
    await small;
    expect(budget.freeBytes).toBe(0);
  });

  test('refuses when the line is full, and before waiting when the caller is gone', async () => {
    const budget = new ByteBudget(1, 1);
    await budget.take(1, never);
    const waiting = budget.take(1, never);
    await expect(budget.take(1, never)).rejects.toMatchObject({ code: 'unavailable' });
    await expect(budget.take(1, AbortSignal.abort(new Error('gone')))).rejects.toThrow('gone');
    budget.release(1);
    await waiting;
  });

  test('asserts that no more is given back than was taken', () => {
    expect(() => new ByteBudget(1).release(1)).toThrow('released more');
  });
});
