import type { ParseArgsOptionsConfig } from 'node:util';
import type { ExitCode } from './exit-codes.ts';
import type { ConnectOptions, Connection } from './connect.ts';
import type { Output } from './output.ts';

/** One flag of a command: `value` names what it takes, and its absence makes a switch; `many` lets it be given again. */
export type Flag = { readonly value?: string; readonly many?: boolean; readonly short?: string; readonly description: string };

/** The flags and arguments that a run of a command was given. */
export type Given = {
  readonly args: readonly string[];
  /** An argument that the command's minimum promises. */
  arg(index: number): string;
  /** The text of a flag that takes a value. */
  text(name: string): string | undefined;
  /** The texts of a flag that may be given many times. */
  texts(name: string): readonly string[];
  /** True where a switch is set. */
  on(name: string): boolean;
};

/** What a command may use. `connect` reads credentials when first called; no command touches the environment itself. */
export type Context = {
  readonly output: Output;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
  readonly server: string | undefined;
  readonly given: Given;
  connect(options?: ConnectOptions): Promise<Connection>;
};

/** One command. Its file is the only place that knows it; the table, help and completion read this. */
export type Command = {
  readonly name: string;
  /** What it is for, in at most 80 characters: one line of the program's help. */
  readonly summary: string;
  /** After the name, for example `SOURCE [DESTINATION]`; a line for each of its actions, where it has several. */
  readonly synopsis: string | readonly string[];
  /** What its own help says besides, as sentences. */
  readonly about?: string;
  readonly example: string;
  readonly args: { readonly min: number; readonly max: number };
  readonly flags: Readonly<Record<string, Flag>>;
  /** Which arguments the shell completes: files of this machine, or fixed words. */
  readonly completes?: 'files' | readonly string[];
  run(context: Context): Promise<ExitCode>;
};

/** Flags that every command takes. */
export const commonFlags = {
  json: { description: 'write JSON to standard output' },
  server: { value: 'URL', description: 'the server to talk to, instead of the one of the last sign-in' },
  help: { short: 'h', description: 'show this help' },
} as const satisfies Record<string, Flag>;

/** How a command is called: a line for each of its actions, or those of the action that is named where it has that. */
export function usageLines({ name, synopsis }: Command, action?: string): string[] {
  const forms = [synopsis].flat();
  const wanted = forms.filter((form) => form.replace(/^\[/, '').split(/[ \]]/)[0] === action);
  return (wanted.length > 0 ? wanted : forms).map((form) => `driftbox ${name} ${form}`.trimEnd());
}

/** The flags of a command as `node:util` parses them. */
export function parserOptions(command: Command): ParseArgsOptionsConfig {
  const entries = Object.entries({ ...commonFlags, ...command.flags } as Record<string, Flag>);
  return Object.fromEntries(
    entries.map(([name, flag]) => [
      name,
      {
        type: flag.value === undefined ? ('boolean' as const) : ('string' as const),
        ...(flag.many === true ? { multiple: true } : {}),
        ...(flag.short === undefined ? {} : { short: flag.short }),
      },
    ]),
  );
}
