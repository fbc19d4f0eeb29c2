import { describe, expect, test } from '@jest/globals';
import { FairTurns, waitingRequests } from './fair-turns.ts';

describe('turns of an event loop', () => {
  /** Asks for everybody at once, and gives who began in which order once all have. */
  async function order(tenants: readonly string[]): Promise<string[]> {
    const turns = new FairTurns();
    const began: string[] = [];
    await Promise.all(
      tenants.map(async (tenant) => {
        const turn = turns.begin(tenant);
        if (turn !== undefined) await turn;
        began.push(tenant);
      }),
    );
    return began;
  }

  test('who comes to an idle loop begins at once', () => {
    expect(new FairTurns().begin('a')).toBeUndefined();
  });

  test('one that comes behind a hundred of another tenant begins with the next that waits', async () => {
    const began = await order([...Array<string>(100).fill('loud'), 'quiet']);
    expect(began).toHaveLength(101);
    expect(began.indexOf('quiet')).toBeLessThanOrEqual(5);
  });

  test('of those that wait, one of each tenant in turn, each tenant in its order', async () => {
    const began = await order(['x', 'x', 'x', 'x', 'a', 'a', 'a', 'b', 'b', 'c']);
    expect(began.slice(4)).toEqual(['a', 'b', 'c', 'a', 'b', 'a']);
  });

  test('the loop reads what came between turns', async () => {
    const turns = new FairTurns();
    const began: string[] = [];
    const enter = async (tenant: string): Promise<void> => {
      const turn = turns.begin(tenant);
      if (turn !== undefined) await turn;
      began.push(tenant);
    };
    const loud = Array.from({ length: 100 }, () => enter('loud'));
    expect(waitingRequests()).toBe(96);
    await new Promise((resolve) => setImmediate(resolve));
    await enter('quiet');
    expect(began.length).toBeLessThan(20);
    await Promise.all(loud);
    expect(waitingRequests()).toBe(0);
  });
});
