import type { DryRun } from '@driftbox/sync-client';
import { exitCodes } from '../exit-codes.ts';
import type { ExitCode } from '../exit-codes.ts';
import { visible } from '../output.ts';
import type { Output } from '../output.ts';

/** Shows what a run would do, in its order. */
export function tellPlan(output: Output, run: DryRun): ExitCode {
  output.result(run, () => [
    ...run.steps.map(({ side, step, path }) => `${side === 'server' ? '->' : '<-'} ${step.padEnd(13)} ${visible(path)}`),
    ...run.waiting.map(({ step, path }) => `waits: ${visible(path)}  ${visible(step)}`),
    ...(run.undecided === 0 ? [] : [`${run.undecided} files could not be read yet: what becomes of them is not known`]),
    run.steps.length === 0 ? 'Nothing to do' : `${run.steps.length} steps; nothing was done`,
  ]);
  return exitCodes.ok;
}
