import { pausedFile } from '@driftbox/sync-client';
import type { Command } from '../command.ts';
import { configFolder } from '../config-folder.ts';
import { exitCodes } from '../exit-codes.ts';
import { knownFolder } from '../sync/known-folder.ts';

export const pause: Command = {
  name: 'pause',
  summary: 'Let sync of a folder rest until driftbox resume',
  synopsis: '[DIR]',
  example: 'driftbox pause ~/DriftBox',
  args: { min: 0, max: 1 },
  flags: {},
  completes: 'files',
  run: async ({ env, given, output }) => {
    const { state, settings } = knownFolder(configFolder(env), given.args[0] ?? '.');
    state.write(pausedFile, new Date().toISOString());
    output.result({ path: settings.path, paused: true }, () => [`Paused ${settings.path}`]);
    return exitCodes.ok;
  },
};
