import { pausedFile } from '@driftbox/sync-client';
import type { Command } from '../command.ts';
import { configFolder } from '../config-folder.ts';
import { exitCodes } from '../exit-codes.ts';
import { knownFolder } from '../sync/known-folder.ts';

export const resume: Command = {
  name: 'resume',
  summary: 'Let sync of a paused folder go on',
  synopsis: '[DIR]',
  example: 'driftbox resume ~/DriftBox',
  args: { min: 0, max: 1 },
  flags: {},
  completes: 'files',
  run: async ({ env, given, output }) => {
    const { state, settings } = knownFolder(configFolder(env), given.args[0] ?? '.');
    state.write(pausedFile, undefined);
    output.result({ path: settings.path, paused: false }, () => [`Resumed ${settings.path}`]);
    return exitCodes.ok;
  },
};
