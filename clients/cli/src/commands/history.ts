import { routes } from '@driftbox/protocol';
import { allPages } from '../all-pages.ts';
import type { Command } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { needEntry, remoteNames } from '../remote-path.ts';
import { longLine } from './ls.ts';
import { showTime } from '../output.ts';

export const history: Command = {
  name: 'history',
  summary: 'List the revisions of a file or folder, newest first',
  synopsis: 'PATH',
  example: 'driftbox history /notes.txt',
  args: { min: 1, max: 1 },
  flags: {},
  run: async ({ connect, output, given }) => {
    const { client, at } = await connect();
    const { drive, names } = await at(remoteNames(given.arg(0)));
    const entry = await needEntry(client, drive, names);
    const params = { drive: drive.drive, entry: entry.entryId };
    const items = await allPages((cursor) => client.call(routes.listRevisions, { params, query: { cursor, limit: 1000 } }));
    output.result({ items }, () => items.map((one) => `${longLine(one)}  saved ${showTime(one.modifiedAt)}`));
    return exitCodes.ok;
  },
};
