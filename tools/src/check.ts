// `npm run check`: everything that is quick enough to run before each commit.
import { parseCommandLine, runMain } from '@driftbox/command-line';
import { runSteps } from './steps/run-steps.ts';
import { root, staticSteps, unitStep } from './steps/steps.ts';

const usage = `npm run check

Types, lint, layer rules, dead code, layout, generated documents and the tests that need nothing but Node: before each commit.`;

async function main(args: readonly string[]): Promise<number> {
  parseCommandLine({ args });
  const startedMs = performance.now();
  const results = await runSteps([unitStep, ...staticSteps], root, 2, (text) => console.log(text));
  const failed = results.filter(({ ok }) => !ok).map(({ name }) => name);
  const tookSeconds = ((performance.now() - startedMs) / 1000).toFixed(1);
  console.log(failed.length === 0 ? `check: all good in ${tookSeconds} s` : `check: ${failed.join(', ')} failed (${tookSeconds} s)`);
  return failed.length === 0 ? 0 : 1;
}

await runMain({ name: 'check', usage, main });
