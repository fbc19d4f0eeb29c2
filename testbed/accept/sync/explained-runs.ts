import { playRandomRuns } from '../../e2e/mysteries/random-runs.ts';
import { openStage } from '../../e2e/stage.ts';
import type { Point } from '../point.ts';

const runs = 60;

/** Random reads, writes and deletes on real devices, each run explained by some order of unseen steps. */
export const explainedRuns: Point = {
  number: 3,
  promise: `${runs} random runs of read, write, delete, stabilise on three real devices: some interleaving explains each`,
  show: async (tell) => {
    const stage = await openStage(3, 3);
    try {
      const seed = Date.now() % 2 ** 31;
      const played = await playRandomRuns(stage, runs, seed, tell);
      const figure = `${played.runs} runs (seed ${seed}), ${played.observations} observations`;
      return { holds: played.failure === undefined, figure: played.failure === undefined ? figure : `${figure}\n${played.failure}` };
    } finally {
      await stage.close();
    }
  },
};
