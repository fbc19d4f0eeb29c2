import { readLog } from '@driftbox/sync-client';
import type { Command } from '../command.ts';
import { configFolder } from '../config-folder.ts';
import { UsageError, exitCodes } from '../exit-codes.ts';
import { knownFolder } from '../sync/known-folder.ts';
import { showDeed } from '../sync/sync-talk.ts';

const usualLines = 100;

export const log: Command = {
  name: 'log',
  summary: 'Show what sync did in a folder, newest last',
  synopsis: '[DIR] [--lines COUNT]',
  example: 'driftbox log ~/DriftBox --lines 20',
  args: { min: 0, max: 1 },
  flags: { lines: { value: 'COUNT', short: 'n', description: `how many lines (default ${usualLines})` } },
  completes: 'files',
  run: async ({ env, given, output }) => {
    const count = Number(given.text('lines') ?? usualLines);
    if (!Number.isInteger(count) || count < 1) throw new UsageError('--lines is a whole number of at least 1');
    const { state } = knownFolder(configFolder(env), given.args[0] ?? '.');
    const deeds = readLog(state, count);
    output.result({ deeds }, () => deeds.map((deed) => `${deed.at.slice(0, 19).replace('T', ' ')} ${showDeed(deed)}`));
    return exitCodes.ok;
  },
};
