import { inspect } from 'node:util';
import fc from 'fast-check';
import type { Stage } from '../stage.ts';
import { playSteps, type Step } from './play.ts';

/** What many random runs gave: how many, and the smallest unexplained one if there was any. */
export type RandomRuns = { readonly runs: number; readonly observations: number; readonly failure: string | undefined };

const maxSteps = 10;
const tellEvery = 10;
/** For runs and shrinking together. */
const interruptAfterTimeLimit = 20 * 60_000;

/**
 * Plays random runs, and shrinks the first that nothing explains. The stage stays open; each run has a file of its own. What is
 * not done after a time counts as a failure.
 */
export async function playRandomRuns(stage: Stage, runs: number, seed: number, tell: (line: string) => void): Promise<RandomRuns> {
  const device = fc.integer({ min: 0, max: stage.devices.length - 1 });
  const touch = fc.record({ do: fc.constantFrom('write' as const, 'write' as const, 'delete' as const, 'read' as const), device });
  const step: fc.Arbitrary<Step> = fc.oneof(
    { weight: 8, arbitrary: touch },
    { weight: 1, arbitrary: fc.constant<Step>({ do: 'stabilise' }) },
  );
  let played = 0;
  let observations = 0;
  const law = fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: maxSteps }), async (steps) => {
    const run = await playSteps(stage, (played += 1), steps);
    observations += run.observations.length;
    if (played % tellEvery === 0) tell(`${played} runs, ${observations} observations`);
    if (run.unexplained === undefined) return;
    tell(`observation ${run.unexplained} of run ${played} cannot be explained`);
    throw new Error(`observation ${run.unexplained} cannot be explained: ${JSON.stringify(run.observations)}`);
  });
  const details = await fc.check(law, { numRuns: runs, seed, interruptAfterTimeLimit, markInterruptAsFailure: true });
  const failure = details.failed ? `${fc.defaultReportMessage(details)}\n${inspect(details.errorInstance)}` : undefined;
  return { runs: played, observations, failure };
}
