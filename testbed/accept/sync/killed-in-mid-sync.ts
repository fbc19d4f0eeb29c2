import { playScenario } from '../../e2e/scenario.ts';
import { scenarios } from '../../e2e/scenarios/index.ts';
import { openStage } from '../../e2e/stage.ts';
import { strikeAtRandom } from '../../e2e/strike-at-random.ts';
import type { Point } from '../point.ts';

const wanted = 100;
const devices = 3;

/** `kill -9` of devices and server, again and again, while all that goes on. */
export const killedInMidSync: Point = {
  number: 2,
  promise: `kill -9 of devices and server, ${wanted} times at random moments of all that: same end`,
  show: async (tell) => {
    const wrong: string[] = [];
    let strikes = 0;
    const seed = Date.now() % 2 ** 31;
    const stage = await openStage(devices, seed);
    try {
      for (const [index, scenario] of scenarios.entries()) {
        const share = Math.ceil((wanted - strikes) / (scenarios.length - index));
        const here = await playScenario(stage, scenario, async (struck) => {
          strikes += await strikeAtRandom(struck, share);
        });
        wrong.push(...here);
        tell(`${scenario.name}, ${strikes} kills so far: ${here.length === 0 ? 'equal and complete' : here.join('\n')}`);
      }
    } finally {
      await stage.close();
    }
    const figure = `${strikes} kills (seed ${seed}), ${wrong.length} things wrong`;
    return { holds: wrong.length === 0 && strikes >= wanted, figure: [figure, ...wrong].join('\n') };
  },
};
