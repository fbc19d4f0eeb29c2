import { element } from '@driftbox/transfer';
import type { CommandGroup } from './command-table.ts';
import { commonFlags, usageLines } from './command.ts';
import type { Command, Flag } from './command.ts';

/** The help of the whole program. */
export function programHelp(groups: readonly CommandGroup[]): string[] {
  const width = Math.max(...groups.flatMap(({ commands }) => commands.map(({ name }) => name.length)));
  return [
    'driftbox - files on a DriftBox server, from the command line',
    '',
    'Usage: driftbox COMMAND [FLAGS] [ARGUMENTS]',
    ...groups.flatMap(({ title, commands }) => ['', title, ...commands.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`)]),
    '',
    'driftbox COMMAND --help shows its flags and an example, driftbox --version the version.',
    'Paths on the server begin at the root of your home drive.',
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
    ...(command.about === undefined ? [] : [command.about]),
    '',
    ...usageLines(command).map((line, index) => `${index === 0 ? 'Usage: ' : '       '}${line}`),
    '',
    ...flags.map(([, flag], index) => `  ${element(heads, index).padEnd(width)}  ${flag.description}`),
    '',
    `Example: ${command.example}`,
  ];
}
