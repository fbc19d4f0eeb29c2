import { readdirSync } from 'node:fs';
import path from 'node:path';
import { isConflictCopy } from '@driftbox/sync-client';
import type { Command } from '../command.ts';
import { configFolder } from '../config-folder.ts';
import { exitCodes } from '../exit-codes.ts';
import { visible } from '../output.ts';
import { knownFolder } from '../sync/known-folder.ts';

export const conflicts: Command = {
  name: 'conflicts',
  summary: 'List the conflict copies in a folder',
  synopsis: '[DIR]',
  example: 'driftbox conflicts ~/DriftBox',
  args: { min: 0, max: 1 },
  flags: {},
  completes: 'files',
  run: async ({ env, given, output }) => {
    const { settings } = knownFolder(configFolder(env), given.args[0] ?? '.');
    const found = [...conflictCopies(settings.path)].sort();
    output.result({ path: settings.path, conflicts: found }, () => (found.length === 0 ? ['No conflict copies'] : found.map(visible)));
    return exitCodes.ok;
  },
};

/** Conflict copies as they are on disk now, whichever device made them; links are not followed. */
function* conflictCopies(root: string, below = ''): Generator<string> {
  for (const item of readdirSync(path.join(root, below), { withFileTypes: true })) {
    const local = below === '' ? item.name : `${below}/${item.name}`;
    if (isConflictCopy(item.name)) yield local;
    if (item.isDirectory() && item.name !== '.driftbox') yield* conflictCopies(root, local);
  }
}
