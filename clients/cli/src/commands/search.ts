import { readChoice, readNumber } from '@driftbox/command-line';
import { parseUserId, type UserId } from '@driftbox/domain';
import { routes } from '@driftbox/protocol';
import type { Command } from '../command.ts';
import { UsageError, exitCodes } from '../exit-codes.ts';
import { needShared } from '../follow-mounts.ts';
import { visible } from '../output.ts';
import { readMoment } from '../read-moment.ts';
import { readSize } from '../read-size.ts';
import { readTag } from './tag.ts';

const types = ['file', 'folder', 'symlink', 'mount'] as const;

export const search: Command = {
  name: 'search',
  summary: 'Find files and folders by name, kind, size, time, tag, path, drive and owner',
  synopsis: '[TEXT] [--type file] [--min-size SIZE] [--modified-after TIME]',
  example: 'driftbox search report --type file --min-size 10MiB --modified-after 7d',
  args: { min: 0, max: 1 },
  flags: {
    type: { value: 'KIND', description: 'file, folder, symlink or mount' },
    'min-size': { value: 'SIZE', description: 'at least so large: bytes, or such as 10MiB' },
    'max-size': { value: 'SIZE', description: 'at most so large' },
    'modified-after': { value: 'TIME', description: 'changed after it: 2026-01-31T00:00:00Z, or how long ago, such as 7d' },
    'modified-before': { value: 'TIME', description: 'changed before it' },
    drive: { value: 'PATH|ID', description: 'only in a shared folder, by its path or id' },
    owner: { value: 'USER', description: 'only in drives of the person of this id' },
    tag: { value: 'NAME[=VALUE]', description: 'with this tag, and this value of it' },
    path: { value: 'TEXT', description: 'with this in the path inside its drive; from the root on if it begins with a slash' },
    limit: { value: 'N', description: 'at most so many (default 100, at most 1000)' },
  },
  run: async ({ connect, output, given }) => {
    const told = <T>(flag: string, read: (text: string) => T): T | undefined => {
      const text = given.text(flag);
      return text === undefined ? undefined : read(text);
    };
    const asked = {
      type: told('type', (text) => readChoice('--type', text, types)),
      owner: told('owner', ownerOf),
      minSize: told('min-size', readSize),
      maxSize: told('max-size', readSize),
      modifiedAfter: told('modified-after', (text) => readMoment('--modified-after', text, 'before')),
      modifiedBefore: told('modified-before', (text) => readMoment('--modified-before', text, 'before')),
      limit: readNumber('--limit', given.text('limit') ?? '100', { least: 1, most: 1000 }),
    };
    const tagged = told('tag', readTag);
    const { client, home } = await connect();
    const within = given.text('drive');
    const drive = within === undefined ? undefined : (await needShared(client, await home(), within)).drive.drive;
    const [q] = given.args;
    const query = { q, drive, tag: tagged?.tag, tagValue: tagged?.value, path: given.text('path'), ...asked };
    const { items } = await client.call(routes.searchEntries, { query });
    output.result({ items }, () => items.map((found) => visible(found.path)));
    return exitCodes.ok;
  },
};

function ownerOf(text: string): UserId {
  const owner = parseUserId(text);
  if (owner === undefined) throw new UsageError('--owner is the id of a person: driftbox members list PATH --json');
  return owner;
}
