import { playScenario } from '../../e2e/scenario.ts';
import { scenarios } from '../../e2e/scenarios/index.ts';
import { openStage } from '../../e2e/stage.ts';
import type { Point } from '../point.ts';

/** Everything people do, for real, with two and then with five devices. */
export const realInput: Point = {
  number: 1,
  promise: 'real input on two, then five devices: all trees equal, nothing missing, exactly the predicted conflict copies',
  show: async (tell) => {
    const wrong: string[] = [];
    let played = 0;
    for (const devices of [2, 5]) {
      const stage = await openStage(devices, devices);
      try {
        for (const scenario of scenarios) {
          const here = (await playScenario(stage, scenario)).map((line) => `${devices} devices: ${line}`);
          wrong.push(...here);
          played += 1;
          tell(`${devices} devices, ${scenario.name}: ${here.length === 0 ? 'equal and complete' : here.join('\n')}`);
        }
      } finally {
        await stage.close();
      }
    }
    const figure = `${played} scenarios on real devices, compared by diff -r and by SHA-256: ${wrong.length} things wrong`;
    return { holds: wrong.length === 0, figure: [figure, ...wrong].join('\n') };
  },
};
