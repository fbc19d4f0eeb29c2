import { expect, test } from '@jest/globals';
import { repeat } from './repeat.ts';

test('turns never overlap, go on after a failure, and end with the one that runs', async () => {
  const { promise: third, resolve } = Promise.withResolvers<void>();
  const failures: unknown[] = [];
  let [turns, running, most, ended] = [0, 0, 0, 0];
  const work = async (signal: AbortSignal): Promise<void> => {
    most = Math.max(most, (running += 1));
    const turn = (turns += 1);
    if (turn === 3) {
      resolve();
      await new Promise<void>((done) => signal.addEventListener('abort', () => done()));
    }
    running -= 1;
    ended += 1;
    if (turn === 1) throw new Error('the first');
  };
  const repeated = repeat(1, work, (error) => failures.push(error));
  await third;
  await repeated.stop();
  expect([most, ended, turns, failures.length]).toEqual([1, 3, 3, 1]);
});
