import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ByteBudget } from './byte-budget.ts';
import { turn } from './testing/pack-fixture.ts';

const longMs = 60_000;

describe('a byte budget', () => {
  test('gives what it has and no more', () => {
    const budget = new ByteBudget(100, 10);
    expect(budget.tryTake(60)).toBe(true);
    expect(budget.tryTake(41)).toBe(false);
    expect(budget.tryTake(40)).toBe(true);
    expect(budget.usedBytes).toBe(100);
    budget.release(100);
    expect(budget.usedBytes).toBe(0);
  });

  test('serves those who wait in their order: a small one does not overtake a large one', async () => {
    const budget = new ByteBudget(100, 10);
    const order: string[] = [];
    budget.tryTake(90);
    const large = budget.take(80, longMs).then(() => order.push('large'));
    const small = budget.take(5, longMs).then(() => order.push('small'));
    expect(budget.waiting).toBe(2);
    expect(budget.tryTake(5)).toBe(false);
    await turn();
    expect(order).toEqual([]);
    budget.release(90);
    await Promise.all([large, small]);
    expect(order).toEqual(['large', 'small']);
    expect(budget.usedBytes).toBe(85);
    expect(budget.waiting).toBe(0);
  });

  test('refuses who would make the line too long', async () => {
    const budget = new ByteBudget(10, 1);
    budget.tryTake(10);
    const first = budget.take(1, longMs);
    await expect(budget.take(1, longMs)).rejects.toMatchObject({ kind: 'unavailable', transient: true });
    budget.release(10);
    await first;
  });

  test('forgets who waited past the deadline, and serves those behind', async () => {
    const budget = new ByteBudget(10, 5);
    budget.tryTake(8);
    const tooMuch = budget.take(9, 1);
    const behind = budget.take(2, longMs);
    await expect(tooMuch).rejects.toMatchObject({ kind: 'unavailable' });
    await behind;
    expect(budget.usedBytes).toBe(10);
    budget.release(10);
    expect(budget.usedBytes).toBe(0);
  });

  test('notices who asks for more than there is, or gives back what it never took', () => {
    const budget = new ByteBudget(10, 5);
    expect(() => budget.take(11, 1)).toThrow('more memory than there is');
    expect(() => budget.release(1)).toThrow('more memory than was taken');
  });

  test('is never exceeded, and everyone is served in the end', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 50 }), { maxLength: 60 }), async (wishes) => {
        const budget = new ByteBudget(50, 100);
        const held: number[] = [];
        const all = Promise.all(
          wishes.map(async (bytes) => {
            await budget.take(bytes, longMs);
            held.push(bytes);
            expect(budget.usedBytes).toBeLessThanOrEqual(50);
          }),
        );
        for (let rounds = 0; rounds <= wishes.length; rounds += 1) {
          await turn();
          for (const bytes of held.splice(0)) budget.release(bytes);
        }
        await all;
        expect(budget.usedBytes).toBe(0);
      }),
      { numRuns: 30 },
    );
  });
});
