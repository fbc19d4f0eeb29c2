import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** A command that must succeed. */
export type Step = {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Which lines of its output are shown as they come, for steps that take long. */
  readonly tells?: RegExp;
};

/** How a step ended, with all that it printed. */
export type StepResult = { readonly name: string; readonly ok: boolean; readonly output: string; readonly tookMs: number };

const maxOutputCharacters = 200_000;
/** Ends what hangs, not what is slow: on a quiet machine of two cores the longest step takes a quarter of an hour. */
const deadlineMs = 45 * 60_000;

/**
 * Runs a step to its end, and prints what it tells on the way. A command that cannot be started, or runs longer than 45
 * minutes, is a failed step.
 */
export async function runStep(step: Step, cwd: string, print: (line: string) => void): Promise<StepResult> {
  const startedMs = performance.now();
  const child = spawn(step.command, step.args, {
    cwd,
    env: { ...process.env, ...step.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  // Not spawn's own `timeout`: its timer outlives a command that cannot be started, and keeps this process from ending.
  const deadline = setTimeout(() => child.kill(), deadlineMs);
  let output = '';
  const keep = (piece: Buffer) => (output = (output + piece.toString()).slice(-maxOutputCharacters));
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const { tells } = step;
  if (tells !== undefined) {
    for (const stream of [child.stdout, child.stderr]) createInterface(stream).on('line', (line) => tells.test(line) && print(line));
  }
  const ok = await new Promise<boolean>((resolve) => {
    child.on('error', (error) => {
      output += `${step.command} could not be started: ${error.message}\n`;
      resolve(false);
    });
    child.on('close', (code) => resolve(code === 0));
  });
  clearTimeout(deadline);
  return { name: step.name, ok, output, tookMs: performance.now() - startedMs };
}
