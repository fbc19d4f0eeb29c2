import { readFileSync } from 'node:fs';
import type { HttpTransport } from '@driftbox/api-client';
import { nearest, parseCommandLine } from '@driftbox/command-line';
import { Problem, problemDetails } from '@driftbox/protocol';
import { element } from '@driftbox/transfer';
import { parserOptions, usageLines } from './command.ts';
import type { Command, Given } from './command.ts';
import { commandNames, loadCommand, loadCommands } from './command-table.ts';
import { connect } from './connect.ts';
import { UsageError, exitCodeOfError, exitCodes } from './exit-codes.ts';
import type { ExitCode } from './exit-codes.ts';
import { commandHelp, programHelp } from './help.ts';
import { createOutput, visible } from './output.ts';
import type { Output } from './output.ts';
import { tellRoom } from './tell-room.ts';

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
  const [first, ...others] = argv;
  const [name, ...rest] = first === 'help' && commandNames.includes(others[0] ?? '') ? [...others.slice(0, 1), '--help'] : argv;
  if (name === undefined || name === 'help' || name === '--help' || name === '-h') {
    const groups = await loadCommands();
    output.result({ commands: commandNames }, () => programHelp(groups));
    return name === undefined ? exitCodes.usage : exitCodes.ok;
  }
  if (name === '--version') {
    const { version } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as { readonly version: string };
    output.result({ version }, () => [`driftbox ${version}`]);
    return exitCodes.ok;
  }
  const opened: HttpTransport[] = [];
  let command: Command | undefined;
  try {
    command = await loadCommand(name);
    if (command === undefined) throw noCommand(name);
    return await runCommand(command, rest, around, output, opened);
  } catch (error) {
    if (around.signal.aborted) {
      output.note('interrupted');
      return exitCodes.interrupted;
    }
    tell(error, output, command, rest[0]);
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
    const { name, summary, flags, example } = command;
    output.result({ name, summary, usage: usageLines(command), flags, example }, () => commandHelp(command));
    return exitCodes.ok;
  }
  const { min, max } = command.args;
  if (given.args.length < min) throw new UsageError(`${command.name} needs ${min === 1 ? 'an argument' : 'more arguments'}`);
  if (given.args.length > max) throw new UsageError(`${visible(given.arg(max))} is an argument too many`);
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

function noCommand(name: string): UsageError {
  if (name.startsWith('-')) return new UsageError(`flags stand behind the command: driftbox COMMAND ${visible(name)}`);
  const meant = nearest(name, commandNames);
  return new UsageError(`there is no command ${visible(name)}${meant === undefined ? '' : `; did you mean ${meant}?`}`);
}

function parse(command: Command, args: readonly string[]): Given {
  const { values, positionals } = parseCommandLine({ args, options: parserOptions(command), allowPositionals: true });
  return {
    args: positionals,
    arg: (index) => element(positionals, index),
    text: (name) => (typeof values[name] === 'string' ? values[name] : undefined),
    texts: (name) => [values[name] ?? []].flat().map(String),
    on: (name) => values[name] === true,
  };
}

/** Whoever is to look through more is told where. */
const mostUsageLines = 10;

/** One sentence for people on standard error; with `--json` the problem as the API tells it. */
function tell(error: unknown, output: Output, command: Command | undefined, action: string | undefined): void {
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
  const room = problem === undefined ? undefined : tellRoom(problem);
  if (room !== undefined) output.note(room);
  if (typeof requestId === 'string' && problem?.code === 'internal')
    output.note(`Tell your administrator this request: ${visible(requestId)}`);
  if (!(error instanceof UsageError)) return;
  const lines = command === undefined ? [] : usageLines(command, action);
  if (lines.length <= mostUsageLines) for (const line of lines) output.note(`  ${line}`);
  output.note(`driftbox ${command === undefined ? '' : `${command.name} `}--help tells more`);
}
