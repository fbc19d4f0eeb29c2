import { expect, test } from '@jest/globals';
import { restartMeanwhile } from './restart-meanwhile.ts';

test('only rounds that ended within the load count, and a failure makes none count', async () => {
  const calls: PromiseWithResolvers<readonly string[]>[] = [];
  const second = Promise.withResolvers<void>();
  const restarting = restartMeanwhile(() => {
    const call = Promise.withResolvers<readonly string[]>();
    if (calls.push(call) === 2) second.resolve();
    else call.resolve(['auth']);
    return call.promise;
  }, 0.001);
  await second.promise;
  const ended = restarting.end();
  calls[1]?.resolve(['auth']);
  expect(await ended).toEqual({ rounds: 1, names: ['auth'] });
  const called = Promise.withResolvers<void>();
  const failing = restartMeanwhile(() => {
    called.resolve();
    return Promise.reject(new Error('it does not start'));
  }, 0.001);
  await called.promise;
  expect(await failing.end()).toEqual({ rounds: 0, names: [], failure: 'Error: it does not start' });
});
