import { commonFlags } from './command.ts';
import type { Command, Flag } from './command.ts';

/** Shells that a completion script is written for. */
export const shells = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof shells)[number];

/** A script that completes commands, flags and local files, made from the table of commands. */
export function completionScript(shell: Shell, commands: readonly Command[]): string {
  return { bash, zsh, fish }[shell](commands);
}

function flagsOf(command: Command): [string, Flag][] {
  return Object.entries({ ...command.flags, ...(commonFlags as Record<string, Flag>) });
}

function words(command: Command): string {
  const fixed = Array.isArray(command.completes) ? command.completes : [];
  return [...flagsOf(command).map(([name]) => `--${name}`), ...fixed].join(' ');
}

function bash(commands: readonly Command[]): string {
  const cases = commands.map((command) => {
    const files = command.completes === 'files' ? ' $(compgen -f -- "$word")' : '';
    return `    ${command.name}) COMPREPLY=($(compgen -W "${words(command)}" -- "$word")${files}) ;;`;
  });
  return [
    '_driftbox() {',
    '  local word="${COMP_WORDS[COMP_CWORD]}"',
    '  if [ "$COMP_CWORD" -eq 1 ]; then',
    `    COMPREPLY=($(compgen -W "${commands.map((one) => one.name).join(' ')}" -- "$word"))`,
    '    return',
    '  fi',
    '  case "${COMP_WORDS[1]}" in',
    ...cases,
    '  esac',
    '}',
    'complete -o filenames -F _driftbox driftbox',
  ].join('\n');
}

function zsh(commands: readonly Command[]): string {
  const quoted = (text: string): string =>
    text.replaceAll("'", "'\\''").replaceAll(':', '\\:').replaceAll('[', '\\[').replaceAll(']', '\\]');
  const cases = commands.map((command) => {
    const flags = flagsOf(command).map(
      ([name, flag]) => `'--${name}[${quoted(flag.description)}]${flag.value === undefined ? '' : `:${quoted(flag.value)}:_files`}'`,
    );
    const rest =
      command.completes === 'files'
        ? ["'*:file:_files'"]
        : Array.isArray(command.completes)
          ? [`'*:word:(${command.completes.join(' ')})'`]
          : [];
    return `    ${command.name}) _arguments ${[...flags, ...rest].join(' ')} ;;`;
  });
  return [
    '#compdef driftbox',
    '_driftbox() {',
    '  if (( CURRENT == 2 )); then',
    `    local -a names=(${commands.map((one) => `'${one.name}:${quoted(one.summary)}'`).join(' ')})`,
    "    _describe 'command' names",
    '    return',
    '  fi',
    '  local name=$words[2]',
    '  shift words; (( CURRENT-- ))',
    '  case $name in',
    ...cases,
    '  esac',
    '}',
    'compdef _driftbox driftbox',
  ].join('\n');
}

function fish(commands: readonly Command[]): string {
  const quoted = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
  const lines = ['complete -c driftbox -f'];
  for (const command of commands) {
    const within = `-n '__fish_seen_subcommand_from ${command.name}'`;
    lines.push(`complete -c driftbox -n __fish_use_subcommand -a ${command.name} -d ${quoted(command.summary)}`);
    if (command.completes === 'files') lines.push(`complete -c driftbox ${within} -F`);
    if (Array.isArray(command.completes)) lines.push(`complete -c driftbox ${within} -a ${quoted(command.completes.join(' '))}`);
    for (const [name, flag] of flagsOf(command)) {
      const takes = flag.value === undefined ? '' : ' -r';
      const short = flag.short === undefined ? '' : ` -s ${flag.short}`;
      lines.push(`complete -c driftbox ${within} -l ${name}${short}${takes} -d ${quoted(flag.description)}`);
    }
  }
  return lines.join('\n');
}
