import type { Command } from '../command.ts';
import { completionScript, shells } from '../completion-script.ts';
import { UsageError, exitCodes } from '../exit-codes.ts';

export const completion: Command = {
  name: 'completion',
  summary: 'Print a completion script for a shell',
  synopsis: 'bash|zsh|fish',
  example: 'source <(driftbox completion bash)',
  args: { min: 1, max: 1 },
  flags: {},
  completes: shells,
  run: async ({ output, given }) => {
    const shell = shells.find((one) => one === given.args[0]);
    if (shell === undefined) throw new UsageError(`a shell is one of ${shells.join(', ')}`);
    // Loaded here, because the table of commands holds this one too.
    const { loadCommands } = await import('../command-table.ts');
    const groups = await loadCommands();
    const script = completionScript(
      shell,
      groups.flatMap(({ commands }) => commands),
    );
    output.result({ script }, () => [script]);
    return exitCodes.ok;
  },
};
