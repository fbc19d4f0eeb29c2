import { parseUserId, type UserId } from '@driftbox/domain';
import { routes } from '@driftbox/protocol';
import type { Command } from '../command.ts';
import { UsageError, exitCodes } from '../exit-codes.ts';
import { needShared } from '../follow-mounts.ts';
import { visible } from '../output.ts';
import { readTag } from './tag.ts';

const types = ['file', 'folder', 'symlink', 'mount'] as const;

export const search: Command = {
  name: 'search',
  summary: 'Find files and folders by name, kind, size, time, tag, path, drive and owner',
  synopsis: '[TEXT] [--type file] [--min-size BYTES] [--modified-after TIME]',
  example: 'driftbox search report --type file --min-size 1000000',
  args: { min: 0, max: 1 },
  flags: {
    type: { value: 'KIND', description: 'file, folder, symlink or mount' },
    'min-size': { value: 'BYTES', description: 'at least so large' },
    'max-size': { value: 'BYTES', description: 'at most so large' },
    'modified-after': { value: 'TIME', description: 'changed after it, for example 2026-01-31T00:00:00Z' },
    'modified-before': { value: 'TIME', description: 'changed before it' },
    drive: { value: 'PATH|ID', description: 'only in a shared folder, by its path or id' },
    owner: { value: 'USER', description: 'only in drives of the person of this id' },
    tag: { value: 'NAME[=VALUE]', description: 'with this tag, and this value of it' },
    path: { value: 'TEXT', description: 'with this in the path inside its drive; from the root on if it begins with a slash' },
    limit: { value: 'N', description: 'at most so many (default 100, at most 1000)' },
  },
  run: async ({ connect, output, given }) => {
    const type = types.find((one) => one === given.text('type'));
    if (given.text('type') !== undefined && type === undefined) throw new UsageError(`--type is one of ${types.join(', ')}`);
    const { client, home } = await connect();
    const within = given.text('drive');
    const drive = within === undefined ? undefined : (await needShared(client, await home(), within)).drive.drive;
    const [q] = given.args;
    const tag = given.text('tag');
    const tagged = tag === undefined ? undefined : readTag(tag);
    const query = {
      q,
      type,
      drive,
      tag: tagged?.tag,
      tagValue: tagged?.value,
      path: given.text('path'),
      owner: ownerOf(given.text('owner')),
      minSize: given.text('min-size'),
      maxSize: given.text('max-size'),
      modifiedAfter: given.text('modified-after'),
      modifiedBefore: given.text('modified-before'),
      limit: given.text('limit') ?? 100,
    };
    const { items } = await client.call(routes.searchEntries, { query });
    output.result({ items }, () => items.map((found) => visible(found.path)));
    return exitCodes.ok;
  },
};

function ownerOf(text: string | undefined): UserId | undefined {
  const owner = text === undefined ? undefined : parseUserId(text);
  if (text !== undefined && owner === undefined) throw new UsageError('--owner is the id of a person: driftbox members list PATH --json');
  return owner;
}
