import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Report } from './installable.ts';

/** How to run a command of an installation. */
export type CommandOptions = {
  readonly folder: string;
  /** Beside the caller's own environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Told of each line that the command prints, for a reader who waits. */
  readonly report?: Report;
  /** Default 30 minutes. */
  readonly timeoutMs?: number;
};

const maxKept = 200;

/** Runs a command to its end and answers its standard output. Throws with the end of what it printed when it fails. */
export async function runCommand(command: string, args: readonly string[], options: CommandOptions): Promise<string> {
  const { folder, env, report = () => {}, timeoutMs = 30 * 60_000 } = options;
  const child = spawn(command, args, {
    cwd: folder,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: timeoutMs,
  });
  const printed: string[] = [];
  const kept: string[] = [];
  const keep = (line: string): void => {
    kept.push(line);
    if (kept.length > maxKept) kept.shift();
    report(line);
  };
  createInterface({ input: child.stdout }).on('line', (line) => {
    printed.push(line);
    keep(line);
  });
  createInterface({ input: child.stderr }).on('line', keep);
  const ending = await new Promise<string | undefined>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code, signal) => resolve(code === 0 ? undefined : `it ended with ${code ?? signal}`));
  });
  if (ending !== undefined) throw new Error(`${command} ${args.join(' ')}: ${ending}\n${kept.join('\n')}`);
  return printed.join('\n');
}
