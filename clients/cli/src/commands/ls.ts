import type { Client } from '@driftbox/api-client';
import type { EntryId } from '@driftbox/domain';
import { routes } from '@driftbox/protocol';
import type { Drive, Entry } from '@driftbox/protocol';
import { allPages } from '../all-pages.ts';
import type { Command } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { showBytes, showTime, visible } from '../output.ts';
import { findRemote, needEntry, remoteNames } from '../remote-path.ts';

export const ls: Command = {
  name: 'ls',
  summary: 'List a folder',
  synopsis: '[PATH]',
  example: 'driftbox ls -l /photos',
  args: { min: 0, max: 1 },
  flags: { long: { short: 'l', description: 'with kind, size, time and revision' } },
  run: async ({ connect, output, given }) => {
    const { client, at } = await connect();
    const { drive, names } = await at(remoteNames(given.args[0] ?? '/'));
    const found = await findRemote(client, drive, names);
    const shown =
      found.at === 'root'
        ? await children(client, drive, drive.rootId)
        : await listEntry(client, drive, await needEntry(client, drive, names));
    output.result({ items: shown }, () => shown.map(given.on('long') ? longLine : shortLine));
    return exitCodes.ok;
  },
};

async function listEntry(client: Client, drive: Drive, entry: Entry): Promise<Entry[]> {
  return entry.kind === 'folder' ? children(client, drive, entry.entryId) : [entry];
}

function children(client: Client, drive: Drive, folder: EntryId): Promise<Entry[]> {
  return allPages((cursor) =>
    client.call(routes.listChildren, { params: { drive: drive.drive, entry: folder }, query: { cursor, limit: 1000 } }),
  );
}

function shortLine(entry: Entry): string {
  return visible(entry.name) + (entry.kind === 'folder' ? '/' : '');
}

/** One line of a long listing. */
export function longLine(entry: Entry): string {
  const size = entry.kind === 'file' ? showBytes(entry.sizeBytes) : '';
  const time = 'mtime' in entry ? entry.mtime : entry.modifiedAt;
  const target = entry.kind === 'symlink' ? ` -> ${visible(entry.target)}` : '';
  const columns = [entry.kind.padEnd(7), size.padStart(10), showTime(time), `r${entry.rev}`.padEnd(5)];
  return `${columns.join(' ')} ${shortLine(entry)}${target}`;
}
