import type { SeededRandom } from '@driftbox/testkit';
import type { Contents } from './contents.ts';
import type { Scheduler } from './scheduler.ts';
import type { Trace } from './trace.ts';
import type { Weather } from './weather.ts';

/** What every part of a simulated world stands on. `weather` changes as a seed goes on. */
export type Ground = {
  readonly scheduler: Scheduler;
  readonly random: SeededRandom;
  readonly trace: Trace;
  readonly contents: Contents;
  weather: Weather;
};

/** One process of a client, from start to crash. A dead one gets no more answers. */
export type Process = { readonly client: number; alive: boolean };

export function happens(ground: Ground, chance: number): boolean {
  return chance > 0 && ground.random.next() < chance;
}

/** Perhaps lets time pass, during which others act and this process may die. */
export function pause(ground: Ground, process: Process): Promise<void> | undefined {
  if (!happens(ground, ground.weather.slowSteps)) return undefined;
  return ground.scheduler.sleep(ground.random.integer(0, ground.weather.maxDelayMs), () => process.alive);
}
