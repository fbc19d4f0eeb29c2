import { runNpmTest } from '../npm-test-run.ts';
import type { Point } from '../point.ts';
import { inFreshClone } from './in-fresh-clone.ts';

/** `npm test` on a fresh clone, first with nothing installed and an empty cache, then warm. */
export const freshClone: Point = {
  number: 7,
  promise: 'npm test passes on a fresh clone with an empty cache, and warm in under 15 minutes',
  show: () =>
    inFreshClone(async ({ clone, env }) => {
      const cold = await runNpmTest(clone, env);
      const warm = await runNpmTest(clone, env);
      const holds = cold.ok && warm.ok && warm.seconds < 15 * 60;
      const times = `from nothing ${cold.seconds.toFixed(0)} s, warm ${warm.seconds.toFixed(0)} s`;
      return { holds, figure: [times, ...cold.lines, ...warm.lines].join('; ') };
    }),
};
