import { playScenario } from '../../e2e/scenario.ts';
import { scenarios } from '../../e2e/scenarios/index.ts';
import { openStage } from '../../e2e/stage.ts';
import type { Point } from '../point.ts';

/** Everything people do, for real, with two and then with five devices. */
export const realInput: Point = {
  number: 1,
  promise: 'real input on two, then five devices: all trees equal, nothing missing, exactly the predicted conflict copies',
  show: async () => {
    const lines: string[] = [];
    const wrong: string[] = [];
    for (const devices of [2, 5]) {
      const stage = await openStage(devices, devices);
      try {
        for (const scenario of scenarios) {
          const startMs = performance.now();
          wrong.push(...(await playScenario(stage, scenario)).map((line) => `${devices} devices: ${line}`));
          lines.push(`${devices} devices, ${scenario.name}: ${((performance.now() - startMs) / 1000).toFixed(1)} s`);
        }
      } finally {
        await stage.close();
      }
    }
    return { holds: wrong.length === 0, figure: [...wrong, ...lines].join('\n') };
  },
};
