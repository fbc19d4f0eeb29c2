import { parseArgs } from 'node:util';
import { Problem, problemDetails } from '@driftbox/protocol';
import type { HttpTransport } from '@driftbox/api-client';
import { parserOptions } from './command.ts';
import type { Command, Given } from './command.ts';
import { commands } from './command-table.ts';
import { connect } from './connect.ts';
import { element } from '@driftbox/transfer';
import { UsageError, exitCodeOfError, exitCodes } from './exit-codes.ts';
import type { ExitCode } from './exit-codes.ts';
import { commandHelp, programHelp } from './help.ts';
import { createOutput, visible } from './output.ts';
import type { Output } from './output.ts';

/** What a run of the program needs from the process around it. */
export type Surroundings = {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  readonly stdout?: { write(text: string): unknown };
  readonly stderr?: { write(text: string): unknown; readonly isTTY?: boolean };
};

/** Runs one command line and answers the exit code. Never throws for anything that a person can cause. */
export async function runProgram(argv: readonly string[], around: Surroundings): Promise<ExitCode> {
  const output = createOutput(argv.includes('--json'), around.stdout, around.stderr);
  const [name, ...rest] = argv;
  if (name === undefined || name === 'help' || name === '--help' || name === '-h') {
    output.result({ commands: commands.map((one) => one.name) }, () => programHelp(commands));
    return name === undefined ? exitCodes.usage : exitCodes.ok;
  }
  const command = commands.find((one) => one.name === name);
  const opened: HttpTransport[] = [];
  try {
    if (command === undefined) throw new UsageError(`there is no command ${visible(name)}`);
    return await runCommand(command, rest, around, output, opened);
  } catch (error) {
    if (around.signal.aborted) {
      output.note('interrupted');

      return exitCodes.interrupted;
    }
    tell(error, output, command);
    return exitCodeOfError(error);
  } finally {
    for (const transport of opened) transport.close();
  }
}

async function runCommand(
  command: Command,
  argv: readonly string[],
  around: Surroundings,
  output: Output,
  opened: HttpTransport[],
): Promise<ExitCode> {
  const given = parse(command, argv);
  if (given.on('help')) {
    output.result({ name: command.name, synopsis: command.synopsis, example: command.example }, () => commandHelp(command));
    return exitCodes.ok;
  }
  const { min, max } = command.args;
  if (given.args.length < min || given.args.length > max)
    throw new UsageError(`use: driftbox ${command.name} ${command.synopsis}`.trimEnd());
  const { env, signal } = around;
  const server = given.text('server');
  return command.run({
    output,
    env,
    signal,
    server,
    given,
    connect: (options) => connect(env, server, signal, (transport) => opened.push(transport), options),
  });
}

function parse(command: Command, argv: readonly string[]): Given {
  try {
    const { values, positionals } = parseArgs({ args: [...argv], options: parserOptions(command), allowPositionals: true, strict: true });
    return {
      args: positionals,
      arg: (index) => element(positionals, index),
      text: (name) => (typeof values[name] === 'string' ? values[name] : undefined),
      texts: (name) => [values[name] ?? []].flat().map(String),
      on: (name) => values[name] === true,
    };
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

/** One sentence for people on standard error; with `--json` the problem as the API tells it. */
function tell(error: unknown, output: Output, command: Command | undefined): void {
  const problem = error instanceof Problem ? error : undefined;
  const message = error instanceof Error ? error.message : String(error);
  if (output.json) {
    output.note(
      JSON.stringify(
        problem === undefined ? { code: error instanceof UsageError ? 'usage' : 'failed', detail: message } : problemDetails(problem),
      ),
    );
    return;
  }
  output.note(`driftbox: ${visible(message)}`);
  const requestId = problem?.details?.['requestId'];
  if (typeof requestId === 'string' && problem?.code === 'internal')
    output.note(`Tell your administrator this request: ${visible(requestId)}`);
  if (error instanceof UsageError) output.note(`driftbox ${command === undefined ? '' : `${command.name} `}--help tells more`);
}
