import { runStep, type Step, type StepResult } from './run-step.ts';

/** Runs steps, `width` at a time in the given order, and reports each as it ends: a line, and its output where it failed. */
export async function runSteps(steps: readonly Step[], cwd: string, width: number, print: (text: string) => void): Promise<StepResult[]> {
  const waiting = [...steps];
  const results: StepResult[] = [];
  const work = async (): Promise<void> => {
    for (let step = waiting.shift(); step !== undefined; step = waiting.shift()) {
      const result = await runStep(step, cwd, print);
      results.push(result);
      print(describe(result));
    }
  };
  await Promise.all(Array.from({ length: width }, work));
  return results;
}

function describe({ name, ok, output, tookMs }: StepResult): string {
  const line = `${ok ? 'ok  ' : 'FAIL'} ${name.padEnd(10)} ${(tookMs / 1000).toFixed(1)} s`;
  return ok ? line : `${line}\n${output.trimEnd()}\n`;
}
