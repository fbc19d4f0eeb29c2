import { chmod } from 'node:fs/promises';
import { temporaryFolder } from '@driftbox/testkit';
import { losePrimary } from '../../src/lose-primary.ts';
import type { Point } from '../point.ts';

const times = 10;

/** The test of `npm test` ten times over, each on a cluster of its own. */
export const postgresFailover: Point = {
  number: 7,
  promise: `PostgreSQL's primary killed under load ${times} times: nothing acknowledged is lost, and no client call fails for good`,
  show: async () => {
    const lines: string[] = [];
    let holds = true;
    for (let time = 1; time <= times; time += 1) {
      await using folder = await temporaryFolder();
      await chmod(folder.path, 0o711);
      const { acknowledged, missing, falseAnswers, failures, refusals, backAfterMs } = await losePrimary(`${folder.path}/cluster`);
      holds &&= missing.length + falseAnswers.length + failures.length === 0;
      lines.push(
        `${acknowledged} acknowledged, ${missing.length} lost, ${falseAnswers.length} false, ${failures.length} failed for good, ` +
          `${refusals} refused once, all clients on again after ${(backAfterMs / 1000).toFixed(1)} s`,
      );
    }
    return { holds, figure: lines.join('\n') };
  },
};
