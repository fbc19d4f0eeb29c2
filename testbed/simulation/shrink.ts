import { runSeed, type SeedOptions, type SeedResult } from './run-seed.ts';
import type { Script, Step } from './script.ts';

/**
 * Drops steps from a failing script for as long as it still fails, large pieces first. What fails may be something else in
 * the end: shorter is what counts. At most `maxRuns` runs.
 */
export async function shrink(failing: SeedResult, options: SeedOptions, maxRuns = 400): Promise<SeedResult> {
  let best = failing;
  let runs = 0;
  for (let size = Math.ceil(best.script.steps.length / 2); size >= 1 && runs < maxRuns; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let at = 0; at < best.script.steps.length && runs < maxRuns;) {
      const result = await runSeed({ ...options, script: without(best.script, at, size) });
      runs += 1;
      if (result.failure === undefined) at += size;
      else best = result;
    }
  }
  return best;
}

/** What is left keeps its time. */
function without({ kind, steps }: Script, at: number, count: number): Script {
  const passedMs = steps.slice(at, at + count).reduce((sum, { afterMs }) => sum + afterMs, 0);
  const [next, ...rest] = steps.slice(at + count);
  const tail: readonly Step[] = next === undefined ? [] : [{ ...next, afterMs: next.afterMs + passedMs }, ...rest];
  return { kind, steps: [...steps.slice(0, at), ...tail] };
}

/** A script as lines that can be read. */
export function describeScript({ kind, steps }: Script): string {
  const lines = steps.map(({ afterMs, client, act, a, b, c }) => `  +${afterMs} ms  client ${client}  ${act}  (${a}, ${b}, ${c})`);
  return [`${kind}, ${steps.length} steps`, ...lines].join('\n');
}
