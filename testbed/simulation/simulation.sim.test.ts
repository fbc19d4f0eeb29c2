import { describe, expect, test } from '@jest/globals';
import { checkSeed } from './check-seed.ts';
import { plantedDefects } from './defects/planted-defects.ts';
import { regressions } from './regressions.ts';
import { runSeed } from './run-seed.ts';
import { describeScript, shrink } from './shrink.ts';

const seedsPerRun = 120;

describe('a simulated world comes to rest, equal and complete', () => {
  test.each([2, 3, 4])(
    'with %d clients, twice alike',
    async (clients) => {
      for (let seed = 1; seed <= seedsPerRun / clients; seed += 1) {
        const result = await checkSeed({ seed, clients }, true);
        if (result.failure === undefined) continue;
        const { script, failure } = await shrink(result, { seed, clients }, 100);
        throw new Error(`npm run sim -- --seed ${seed} --seeds 1 --clients ${clients}\n${failure}\n${describeScript(script)}`);
      }
    },
    120_000,
  );

  test('where people share drives, twice alike', async () => {
    for (let seed = 1; seed <= seedsPerRun; seed += 1) {
      const options = { seed, clients: undefined, sharing: true };
      const result = await checkSeed(options, true);
      if (result.failure === undefined) continue;
      const { script, failure } = await shrink(result, options, 100);
      throw new Error(`npm run sim -- --seed ${seed} --seeds 1 --sharing\n${failure}\n${describeScript(script)}`);
    }
  }, 120_000);

  test.each(regressions)('seed $seed, where $was', async ({ seed, clients, script, soundDisks = false, sharing = false }) => {
    expect((await checkSeed({ seed, clients, script, soundDisks, sharing }, true)).failure).toBeUndefined();
  });
});

describe('each planted defect is found', () => {
  test.each(plantedDefects)(
    '$name, within $seeds seeds',
    async ({ seeds, found, defect, sharing = false }) => {
      const failures: string[] = [];
      for (let seed = 1; seed <= seeds && !failures.some((failure) => found.test(failure)); seed += 1) {
        const { failure } = await runSeed({ seed, clients: sharing ? undefined : 2, defect, sharing });
        if (failure !== undefined) failures.push(failure);
      }
      expect(failures).toContainEqual(expect.stringMatching(found));
    },
    120_000,
  );
});
