import { UsageError } from './usage-error.ts';

/** A program that people start. */
export type Program = {
  /** What its messages begin with. */
  readonly name: string;
  /** Printed for `--help`, and behind what was wrong with a command line. */
  readonly usage: string;
  /** Does the work and answers the exit code; throws `UsageError` where it was called wrongly. */
  readonly main: (args: readonly string[]) => Promise<number>;
  /** The exit code of an error that `main` threw; 1 if not given. */
  readonly exitCodeOf?: (error: unknown) => number;
};

/** Runs it with the arguments of this process, which ends as `exitCode` says once nothing keeps it alive. Never throws. */
export async function runMain({ name, usage, main, exitCodeOf = () => 1 }: Program): Promise<void> {
  const args = process.argv.slice(2);
  try {
    process.exitCode = asksForHelp(args) ? tell(usage) : await main(args);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const isMisused = error instanceof UsageError;
    process.stderr.write(`${name}: ${message}\n${isMisused ? `\n${usage}\n` : ''}`);
    process.exitCode = isMisused ? 2 : exitCodeOf(error);
  }
}

function asksForHelp(args: readonly string[]): boolean {
  const end = args.indexOf('--');
  return (end === -1 ? args : args.slice(0, end)).some((arg) => arg === '--help' || arg === '-h');
}

function tell(usage: string): number {
  process.stdout.write(`${usage}\n`);
  return 0;
}
