import { routes } from '@driftbox/protocol';
import type { Command } from '../command.ts';
import { UsageError, exitCodes } from '../exit-codes.ts';
import { parseDuration } from '../parse-duration.ts';
import { needEntry, remoteNames } from '../remote-path.ts';
import { readRevision } from '../read-revision.ts';

export const url: Command = {
  name: 'url',
  summary: 'Make a URL that reads a file without signing in, for a limited time',
  synopsis: 'PATH [--expires 1h] [--inline]',
  example: 'driftbox url /report.pdf --expires 7d',
  args: { min: 1, max: 1 },
  flags: {
    expires: { value: 'DURATION', description: 'how long it works: 90s, 15m, 12h, at most 7d (default 1h)' },
    inline: { description: 'let a browser show it rather than save it' },
    rev: { value: 'N', description: 'of this revision, whatever becomes of the file' },
  },
  run: async ({ connect, output, given }) => {
    const ttlSeconds = parseDuration(given.text('expires') ?? '1h');
    const text = given.text('rev');
    const rev = text === undefined ? {} : { rev: readRevision(text) };
    const { client, at, server } = await connect();
    const { drive, names } = await at(remoteNames(given.arg(0)));
    const entry = await needEntry(client, drive, names);
    if (entry.kind !== 'file') throw new UsageError('only a file has a URL');
    const made = await client.call(routes.createContentUrl, {
      params: { drive: drive.drive, entry: entry.entryId },
      body: {
        ttlSeconds,
        disposition: given.on('inline') ? 'inline' : 'attachment',
        ...rev,
      },
    });
    const address = server + made.path;
    output.result({ url: address, expiresAt: made.expiresAt }, () => [address]);
    return exitCodes.ok;
  },
};
