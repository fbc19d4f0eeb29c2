import { projectFolder } from '../../src/standalone-process.ts';
import { runNpmTest } from '../npm-test-run.ts';
import type { Point } from '../point.ts';

const mostSeconds = 15 * 60;

/** `npm test` on this checkout as it is, with everything installed. */
export const wholeTestRun: Point = {
  number: 1,
  promise: 'npm test, warm and with CI=true, passes with nothing left out in under 15 minutes',
  show: async () => {
    const { seconds, ok, lines } = await runNpmTest(projectFolder, { ...process.env, CI: 'true' });
    const holds = ok && seconds < mostSeconds && !lines.some((line) => line.startsWith('not run:'));
    return { holds, figure: [`${seconds.toFixed(0)} s`, ...lines].join('; ') };
  },
};
