import { hostname } from 'node:os';
import {
  Offline,
  RootGone,
  createLog,
  dryRun,
  limitTransport,
  objectionTo,
  objectionToEmpty,
  openFolder,
  syncForever,
  syncOnce,
} from '@driftbox/sync-client';
import type { FolderStatus, OpenFolder, SyncEnd } from '@driftbox/sync-client';
import { Problem } from '@driftbox/protocol';
import type { Command, Context } from '../command.ts';
import type { Connection } from '../connect.ts';
import { Halted, UsageError, exitCodes } from '../exit-codes.ts';
import type { ExitCode } from '../exit-codes.ts';
import { resolveFolder } from '../sync/known-folder.ts';
import { parseRate } from '../sync/parse-rate.ts';
import { prepareFolder } from '../sync/prepare-folder.ts';
import type { Prepared } from '../sync/prepare-folder.ts';
import { SyncTalk } from '../sync/sync-talk.ts';
import { systemdUnit } from '../sync/systemd-unit.ts';
import { tellPlan } from '../sync/tell-plan.ts';

export const sync: Command = {
  name: 'sync',
  summary: 'Keep a folder and your drive the same, both ways',
  synopsis: 'DIR [--once | --dry-run | --print-unit]',
  example: 'driftbox sync ~/DriftBox',
  args: { min: 1, max: 1 },
  flags: {
    once: { description: 'end when both are the same' },
    'dry-run': { description: 'show what would be done, and do nothing' },
    select: { value: 'PATH', many: true, description: 'only this path of the drive, and others given so; / for everything again' },
    ignore: { value: 'PATTERN', many: true, description: 'never sync what matches, as in .gitignore; an empty one for none again' },
    'limit-up': { value: 'RATE', description: 'bytes per second to the server, such as 500k or 2M' },
    'limit-down': { value: 'RATE', description: 'bytes per second from the server' },
    'yes-delete': { description: 'this once, carry out a plan that removes or rewrites a large part' },
    anew: { description: 'begin again, as with a new folder; removes nothing on either side' },
    'print-unit': { description: 'print a systemd user unit that keeps DIR in sync' },
  },
  completes: 'files',
  run: async (context) => {
    try {
      return context.given.on('print-unit') ? printUnit(context) : await run(context);
    } catch (error) {
      if (error instanceof RootGone) throw new Halted(error.message, { cause: error });
      throw error instanceof Offline ? new Problem('unavailable', error.message, { cause: error }) : error;
    }
  },
};

async function run(context: Context): Promise<ExitCode> {
  const { given, output, signal } = context;
  const limits = { upPerSecond: parseRate(given.text('limit-up')), downPerSecond: parseRate(given.text('limit-down')) };
  const connection = await context.connect({ through: (transport) => limitTransport(transport, limits), retry: { attempts: 3 } });
  if (given.on('anew') && given.on('dry-run')) throw new UsageError('--anew and --dry-run do not go together');
  const prepared = await prepareFolder(connection, given);
  const talk = new SyncTalk(output);
  if (given.on('dry-run')) return tellPlan(output, await dryRun(folderOptions(context, connection, prepared, talk)));
  prepared.state.keepSettings(prepared.settings);
  const consent = { given: given.on('yes-delete') };
  const open = openPrepared(context, connection, prepared, talk, consent);
  const told = (status: FolderStatus): void => {
    // It was given for what was due then, not for what somebody does next week.
    if (status.state === 'in_sync' || status.state === 'waiting') consent.given = false;
    talk.status(status);
  };
  const { server: address, token } = connection;
  const task = { hints: { address, token }, open, state: prepared.state, told, note: (text: string) => talk.note(text), signal };
  try {
    return exitCodeOf(await (given.on('once') ? syncOnce(task) : syncForever(task)));
  } finally {
    talk.end();
    await open.close();
  }
}

function folderOptions({ signal }: Context, { client }: Connection, prepared: Prepared, talk: SyncTalk) {
  const note = (text: string): void => talk.note(text);
  return { ...prepared, client, device: hostname() || 'cli', progress: talk.progress, note, signal };
}

function openPrepared(
  context: Context,
  connection: Connection,
  prepared: Prepared,
  talk: SyncTalk,
  consent: { readonly given: boolean },
): OpenFolder {
  const log = createLog(prepared.state);
  return openFolder({
    ...folderOptions(context, connection, prepared, talk),
    objection: (plan, store) => (consent.given ? undefined : objectionTo(plan, store)),
    objectionToEmpty: () => (consent.given ? undefined : objectionToEmpty),
    tell: (deed) => {
      log(deed);
      talk.deed(deed);
    },
  });
}

function printUnit({ given, output }: Context): ExitCode {
  const command = [process.execPath, '--no-warnings', process.argv[1] ?? 'driftbox'];
  const unit = systemdUnit(resolveFolder(given.arg(0)), command, exitCodes.halted);
  output.result({ unit: unit.join('\n') }, () => unit);
  return exitCodes.ok;
}

function exitCodeOf({ end, reason }: SyncEnd): ExitCode {
  switch (end) {
    case 'in_sync':
    case 'stopped':
      return exitCodes.ok;
    case 'waiting':
      return exitCodes.partial;
    case 'offline':
      return exitCodes.unavailable;
    case 'halted':
      throw new Halted(reason ?? 'a person has to decide');
  }
}
