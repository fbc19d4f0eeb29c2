import { mock } from 'node:test';
import { afterEach, expect, test } from '@jest/globals';
import { ThreadPool } from './thread-pool.ts';

/** A script that counts its jobs, and does as it is told. */
const script = new URL(
  `data:text/javascript,${encodeURIComponent(`
    import { parentPort } from 'node:worker_threads';
    let count = 0;
    parentPort.on('message', ({ id, work }) => {
      if (work === 'exit') process.exit(3);
      if (work === 'crash') setImmediate(() => { throw new Error('crashed'); });
      else if (work === 'fail') parentPort.postMessage({ id, failure: new RangeError('no') });
      else if (work !== 'wait') parentPort.postMessage({ id, done: ++count });
    });`)}`,
);
let pool: ThreadPool;
afterEach(() => pool.close());

test('jobs spread over no more threads than there may be', async () => {
  pool = new ThreadPool(script, 2);
  const jobs = Array.from({ length: 10 }, () => pool.run('count'));
  // Two are with a thread already.
  expect(pool.waiting).toBe(8);
  const counts = await Promise.all(jobs);
  expect(pool.waiting).toBe(0);
  expect(counts.sort()).toEqual([1, 1, 2, 2, 3, 3, 4, 4, 5, 5]);
});

test('a job that fails rejects, and its thread goes on', async () => {
  pool = new ThreadPool(script, 1);
  expect(await pool.run('count')).toBe(1);
  await expect(pool.run('fail')).rejects.toThrow('no');
  expect(await pool.run('count')).toBe(2);
});

test.each([
  ['exit', 'ended with 3'],
  ['crash', 'crashed'],
])('a thread that dies (%s) fails what it was doing, and another takes its place', async (how, why) => {
  pool = new ThreadPool(script, 1);
  const waiting = pool.run('wait');
  await expect(Promise.all([waiting, pool.run(how)])).rejects.toThrow(why);
  await expect(waiting).rejects.toThrow(why);
  expect(await pool.run('count')).toBe(1);
});

test('closing ends what is being done', async () => {
  pool = new ThreadPool(script, 1);
  const waiting = pool.run('wait');
  const told = expect(waiting).rejects.toThrow('ended');
  await pool.close();
  await told;
});

test('a thread that has had nothing to do for a while ends, and another starts when there is something', async () => {
  mock.timers.enable({ apis: ['setTimeout'] });
  try {
    pool = new ThreadPool(script, 1, 1_000);
    expect(await pool.run('count')).toBe(1);
    mock.timers.tick(999);
    expect(await pool.run('count')).toBe(2);
    mock.timers.tick(1_000);
    expect(await pool.run('count')).toBe(1);
  } finally {
    mock.timers.reset();
  }
});
