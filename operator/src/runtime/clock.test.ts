import { manualClock } from '@driftbox/testkit';
import { expect, test } from '@jest/globals';
import { pause, systemClock } from './clock.ts';

test('a pause ends when its time has come, not before', async () => {
  const clock = manualClock();
  let isOver = false;
  const paused = pause(clock, 100).then(() => (isOver = true));
  clock.advance(99);
  await Promise.resolve();
  expect(isOver).toBe(false);
  clock.advance(1);
  expect(await paused).toBe(true);
});

test('a pause that is aborted ends at once, and leaves nothing behind', async () => {
  const clock = manualClock();
  const stopping = new AbortController();
  const paused = pause(clock, 100, stopping.signal);
  stopping.abort();
  await paused;
  await pause(clock, 100, stopping.signal);
  clock.advance(1_000);
});

test('the clock of the process runs timers, and none that was cancelled', async () => {
  let cancelled = false;
  systemClock.after(0, () => (cancelled = true))();
  const startedMs = systemClock.now();
  await pause(systemClock, 5);
  expect(systemClock.now() - startedMs).toBeGreaterThanOrEqual(4);
  expect(cancelled).toBe(false);
});
