import { isAlive } from '@driftbox/processes';
import { readStatus } from '@driftbox/sync-client';
import type { FolderStatus } from '@driftbox/sync-client';
import type { Command } from '../command.ts';
import { configFolder } from '../config-folder.ts';
import { exitCodes } from '../exit-codes.ts';
import { showTime, visible } from '../output.ts';
import { knownFolder } from '../sync/known-folder.ts';
import { showState } from '../sync/sync-talk.ts';

export const status: Command = {
  name: 'status',
  summary: 'Tell whether a folder is in sync, what waits, and why',
  synopsis: '[DIR]',
  example: 'driftbox status ~/DriftBox',
  args: { min: 0, max: 1 },
  flags: {},
  completes: 'files',
  run: async ({ env, given, output }) => {
    const { state, settings } = knownFolder(configFolder(env), given.args[0] ?? '.');
    const last = readStatus(state);
    const running = last !== undefined && last.state !== 'stopped' && isAlive(last.pid);
    const { path, server, select, ignore } = settings;
    const told = {
      path,
      server,
      select,
      ignore,
      running,
      ...(last === undefined ? { state: 'stopped', waiting: [] } : now(last, running)),
    };
    output.result(told, () => [`${visible(path)}  with ${server}`, ...linesOf(last, running)]);
    return last === undefined || last.waiting.length === 0 ? exitCodes.ok : exitCodes.partial;
  },
};

/** A process that was killed could not write that it ended; what made it stop stays said. */
function now(last: FolderStatus, running: boolean): FolderStatus {
  return running || last.state === 'halted' ? last : { ...last, state: 'stopped' };
}

function linesOf(last: FolderStatus | undefined, running: boolean): string[] {
  if (last === undefined) return ['Never finished a pass'];
  const since = last.inSyncAt === undefined ? [] : [`Last in sync ${showTime(last.inSyncAt)}`];
  const waiting = last.waiting.map(
    ({ path, reason, retryAt }) =>
      `waits: ${visible(path)}  ${visible(reason)}${retryAt === undefined ? '' : `, tried again at ${showTime(retryAt).slice(11)}`}`,
  );
  return [showState(now(last, running)), ...since, ...waiting];
}
