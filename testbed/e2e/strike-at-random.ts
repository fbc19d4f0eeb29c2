import { setTimeout as pause } from 'node:timers/promises';
import type { SeededRandom } from '@driftbox/testkit';
import type { Stage } from './stage.ts';

/** Kills going on beside a scenario. */
export type Strikes = {
  /** Ends them and answers how many there were. */
  stop(): Promise<number>;
};

/** From now on kills the server or a device at random moments, at most `most` times; each is started again at once. */
export function strikeAtRandom(stage: Stage, random: SeededRandom, most: number): Strikes {
  const ended = new AbortController();
  const run = async (): Promise<number> => {
    let strikes = 0;
    while (strikes < most && !ended.signal.aborted) {
      await pause(random.integer(50, 1500), undefined, { signal: ended.signal }).catch(() => undefined);
      if (ended.signal.aborted) break;
      if (await stage.strike(random.integer(-1, stage.devices.length - 1))) strikes += 1;
    }
    return strikes;
  };
  const running = run();
  return {
    stop: () => {
      ended.abort();
      return running;
    },
  };
}
