import { setTimeout as pause } from 'node:timers/promises';
import type { Stage } from './stage.ts';

const longestPauseMs = 1_000;
const deadlineMs = 300_000;

/**
 * Kills the server or a device at random moments, `count` times; each is started again at once. Answers how many there were:
 * fewer when they took too long.
 */
export async function strikeAtRandom(stage: Pick<Stage, 'strike' | 'devices' | 'random'>, count: number): Promise<number> {
  const endMs = performance.now() + deadlineMs;
  let strikes = 0;
  while (strikes < count && performance.now() < endMs) {
    await pause(stage.random.integer(50, longestPauseMs));
    if (await stage.strike(stage.random.integer(-1, stage.devices.length - 1))) strikes += 1;
  }
  return strikes;
}
