import type { Stack } from '../../stack/start-stack.ts';
import type { Point } from '../point.ts';
import { showUnderLoad, type Step } from './under-load.ts';

/** Each service restarted as an upgrade does it: one replica after the other is told to stop, drains, and starts again. */
export const rollingRestart: Point = {
  number: 4,
  promise: 'a rolling restart of every service under load: all client operations succeed',
  show: () => showUnderLoad(rollingSteps),
};

function rollingSteps({ replicas, verifies }: Stack): Step[] {
  return Object.entries({ ...replicas, verify: verifies }).map(([name, all]) => ({
    name,
    act: async () => {
      for (const replica of all) {
        await replica.stop();
        await replica.start();
      }
    },
  }));
}
