import { runSeed, type SeedOptions, type SeedResult } from './run-seed.ts';

/** Runs a seed, and when `twice` a second time: what happens must not depend on anything but the seed. */
export async function checkSeed(options: SeedOptions, twice: boolean): Promise<SeedResult> {
  const result = await runSeed(options);
  if (!twice || result.failure !== undefined) return result;
  const again = await runSeed(options);
  if (again.hash === result.hash && again.failure === undefined) return result;
  return { ...result, failure: `the second run went differently: ${result.hash}, then ${again.hash}` };
}
