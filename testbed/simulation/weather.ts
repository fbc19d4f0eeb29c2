import type { SeededRandom } from '@driftbox/testkit';

/** How rough one seed is: chances between 0 and 1, times in milliseconds. */
export type Weather = {
  /** A request or its answer is lost. */
  readonly lost: number;
  /** A request is carried out although its sender has given up long ago. */
  readonly late: number;
  /** A request arrives a second time. */
  readonly twice: number;
  /** A hint or a watcher's event does not come. */
  readonly unheard: number;
  /** A step on disk fails. */
  readonly diskFails: number;
  /** A step on disk takes time, so that others act meanwhile, and may be the last of its process. */
  readonly slowSteps: number;
  readonly maxDelayMs: number;
  readonly timeoutMs: number;
  readonly pageLimit: number;
  readonly batchLimit: number;
};

export const calm: Weather = {
  lost: 0,
  late: 0,
  twice: 0,
  unheard: 0,
  diskFails: 0,
  slowSteps: 0,
  maxDelayMs: 20,
  timeoutMs: 1_000,
  pageLimit: 100,
  batchLimit: 100,
};

/**
 * `gentle`: what was refused stays so, and disks do as they are told; then what one person does alone must come out exactly.
 *
 * Mostly one or two kinds of trouble at a time: all at once would hide what each can do. */

export function drawWeather(random: SeededRandom, gentle: boolean): Weather {
  const some = (chance: number, most: number) => (random.next() < chance ? random.next() * most : 0);
  return {
    lost: some(0.5, 0.3),
    late: gentle ? 0 : some(0.3, 0.2),
    twice: gentle ? 0 : some(0.3, 0.3),
    unheard: some(0.5, 1),
    diskFails: gentle ? 0 : some(0.4, 0.2),
    slowSteps: some(0.8, 0.6),
    maxDelayMs: random.pick([20, 200, 2_000]),
    timeoutMs: random.pick([1_000, 5_000]),
    pageLimit: random.pick([1, 3, 10, 100]),
    batchLimit: random.pick([1, 2, 5, 100]),
  };
}

/** In a gentle weather too a request may come late. */
export function drawLate(random: SeededRandom): number {
  return random.next() < 0.5 ? random.next() * 0.4 : 0;
}
