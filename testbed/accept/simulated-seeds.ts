import { runSeeds } from '../simulation/run-seeds.ts';
import type { Point } from './point.ts';

const seeds = 100_000;
const slice = 10_000;
/** Each how-manyth is run twice and compared. */
const twiceEvery = 10;

/** Seeds of the simulation that nobody has seen: from another place each time, which is told. */
export function simulatedSeeds(number: number, { sharing }: { readonly sharing: boolean }): Point {
  const what = sharing ? ' in which people share drives, and grants and mounts come and go' : '';
  return {
    number,
    promise: `${seeds.toLocaleString('en')} seeds of the simulation${what}: all calm, equal and complete in the end`,
    show: async (tell) => {
      const first = Date.now() % 2 ** 31;
      const failed: number[] = [];
      let seconds = 0;
      for (let at = 0; at < seeds; at += slice) {
        const report = await runSeeds({ first: first + at, count: slice, clients: undefined, sharing, workers: undefined, twiceEvery });
        failed.push(...report.failures.map(({ seed }) => seed), ...report.endless);
        seconds += report.tookSeconds;
        tell(`${at + slice} seeds, ${failed.length} failed${failed.length === 0 ? '' : `: ${failed.slice(0, 10).join(', ')}`}`);
      }
      const replays = failed.slice(0, 10).map((seed) => `npm run sim -- --seed ${seed} --seeds 1${sharing ? ' --sharing' : ''}`);
      const rate = `${seconds.toFixed(0)} s, ${(seeds / seconds).toFixed(0)} seeds/s on this machine, each tenth run twice and compared`;
      return {
        holds: failed.length === 0,
        figure: [`${seeds} seeds from ${first}: ${failed.length} failed; ${rate}`, ...replays].join('\n'),
      };
    },
  };
}
