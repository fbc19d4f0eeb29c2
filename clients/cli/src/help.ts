import { commonFlags } from './command.ts';
import type { Command, Flag } from './command.ts';
import { element } from '@driftbox/transfer';

/** The help of the whole program. */
export function programHelp(commands: readonly Command[]): string[] {
  const width = Math.max(...commands.map((command) => command.name.length));
  return [
    'driftbox - files on a DriftBox server, from the command line',
    '',
    'Usage: driftbox COMMAND [FLAGS] [ARGUMENTS]',
    '',
    ...commands.map((command) => `  ${command.name.padEnd(width)}  ${command.summary}`),
    '',
    'driftbox COMMAND --help shows its flags and an example. Paths on the server begin at the root of your home drive.',
  ];
}

/** The help of one command. */
export function commandHelp(command: Command): string[] {
  const flags = Object.entries({ ...command.flags, ...(commonFlags as Record<string, Flag>) });
  const heads = flags.map(
    ([name, flag]) =>
      `${flag.short === undefined ? '    ' : `-${flag.short}, `}--${name}${flag.value === undefined ? '' : ` ${flag.value}`}`,
  );
  const width = Math.max(...heads.map((head) => head.length));
  return [
    `${command.summary}.`,
    '',
    `Usage: driftbox ${command.name} ${command.synopsis}`.trimEnd(),
    '',
    ...flags.map(([, flag], index) => `  ${element(heads, index).padEnd(width)}  ${flag.description}`),
    '',
    `Example: ${command.example}`,
  ];
}
