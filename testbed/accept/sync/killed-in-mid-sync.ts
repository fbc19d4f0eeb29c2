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
  show: async () => {
    const wrong: string[] = [];
    let strikes = 0;
    for (let round = 0; strikes < wanted && round < 20; round += 1) {
      const stage = await openStage(devices, 100 + round);
      try {
        for (const scenario of scenarios) {
          if (strikes >= wanted) break;
          const striking = strikeAtRandom(stage, stage.random, Math.min(wanted - strikes, 12));
          try {
            wrong.push(...(await playScenario(stage, scenario)).map((line) => `round ${round}: ${line}`));
          } finally {
            strikes += await striking.stop();
          }
        }
      } finally {
        await stage.close();
      }
    }
    const holds = wrong.length === 0 && strikes >= wanted;
    return { holds, figure: [`${strikes} kills, ${wrong.length} things wrong`, ...wrong].join('\n') };
  },
};
