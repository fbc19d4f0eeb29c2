// `npm run check`: everything that is quick enough to run before each commit.
import { runSteps } from './steps/run-steps.ts';
import { root, staticSteps, unitStep } from './steps/steps.ts';

const startedMs = performance.now();
const results = await runSteps([unitStep, ...staticSteps], root, 2, (text) => console.log(text));
const failed = results.filter(({ ok }) => !ok).map(({ name }) => name);
const tookSeconds = ((performance.now() - startedMs) / 1000).toFixed(1);
console.log(failed.length === 0 ? `check: all good in ${tookSeconds} s` : `check: ${failed.join(', ')} failed (${tookSeconds} s)`);
process.exitCode = failed.length === 0 ? 0 : 1;
