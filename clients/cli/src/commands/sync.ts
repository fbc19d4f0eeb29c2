import { hostname } from 'node:os';
import { createLog, limitTransport, openFolder, syncForever, syncOnce } from '@driftbox/sync-client';
import type { OpenFolder, SyncEnd } from '@driftbox/sync-client';
import type { Command, Context } from '../command.ts';
import type { Connection } from '../connect.ts';
import { exitCodes } from '../exit-codes.ts';
import type { ExitCode } from '../exit-codes.ts';
import { parseRate } from '../sync/parse-rate.ts';
import { prepareFolder } from '../sync/prepare-folder.ts';
import type { Prepared } from '../sync/prepare-folder.ts';
import { SyncTalk } from '../sync/sync-talk.ts';

export const sync: Command = {
  name: 'sync',
  summary: 'Keep a folder and your drive the same, both ways',
  synopsis: 'DIR [--once]',
  example: 'driftbox sync ~/DriftBox',
  args: { min: 1, max: 1 },
  flags: {
    once: { description: 'end when both are the same' },
    select: { value: 'PATH', many: true, description: 'only this path of the drive, and others given so; / for everything again' },
    'limit-up': { value: 'RATE', description: 'bytes per second to the server, such as 500k or 2M' },
    'limit-down': { value: 'RATE', description: 'bytes per second from the server' },
  },
  completes: 'files',
  run: async (context) => {
    const { given, output, signal } = context;
    const limits = { upPerSecond: parseRate(given.text('limit-up')), downPerSecond: parseRate(given.text('limit-down')) };
    const connection = await context.connect({ through: (transport) => limitTransport(transport, limits), retry: { attempts: 3 } });
    const drive = await connection.home();
    const prepared = prepareFolder(connection.configFolder, given, connection.server, drive);
    const talk = new SyncTalk(output);
    const open = await openPrepared(context, connection, prepared, talk);
    const { server: address, token } = connection;
    const task = {
      hints: { address, token },
      open,
      state: prepared.state,
      told: (status: Parameters<SyncTalk['status']>[0]) => talk.status(status),
      signal,
    };
    try {
      return exitCodeOf(await (given.on('once') ? syncOnce(task) : syncForever(task)));
    } finally {
      talk.end();
      await open.close();
    }
  },
};

async function openPrepared({ signal }: Context, { client, home }: Connection, prepared: Prepared, talk: SyncTalk): Promise<OpenFolder> {
  const { state, settings, known } = prepared;
  const drive = await home();
  state.keepSettings(settings);
  const log = createLog(state);
  return openFolder({
    state,
    settings,
    known,
    client,
    drive,
    device: hostname() || 'cli',
    objection: () => undefined,
    progress: talk.progress,
    tell: (deed) => {
      log(deed);
      talk.deed(deed);
    },
    note: (text) => talk.note(text),
    signal,
  });
}

function exitCodeOf({ end }: SyncEnd): ExitCode {
  switch (end) {
    case 'in_sync':
    case 'stopped':
      return exitCodes.ok;
    case 'waiting':
      return exitCodes.partial;
    case 'offline':
      return exitCodes.unavailable;
    case 'halted':
      return exitCodes.halted;
  }
}
