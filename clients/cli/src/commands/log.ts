import { readNumber } from '@driftbox/command-line';
import { readLog } from '@driftbox/sync-client';
import type { Command } from '../command.ts';
import { configFolder } from '../config-folder.ts';
import { exitCodes } from '../exit-codes.ts';
import { knownFolder } from '../sync/known-folder.ts';
import { showDeed } from '../sync/sync-talk.ts';
import { showTime } from '../output.ts';

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
    const count = readNumber('--lines', given.text('lines') ?? String(usualLines), { least: 1, most: Number.MAX_SAFE_INTEGER });
    const { state } = knownFolder(configFolder(env), given.args[0] ?? '.');
    const deeds = readLog(state, count);
    output.result({ deeds }, () => deeds.map((deed) => `${showTime(deed.at)} ${showDeed(deed)}`));
    return exitCodes.ok;
  },
};
