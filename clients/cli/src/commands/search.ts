import { routes } from '@driftbox/protocol';
import type { Command } from '../command.ts';
import { UsageError, exitCodes } from '../exit-codes.ts';
import { visible } from '../output.ts';

const types = ['file', 'folder', 'symlink', 'mount'] as const;

export const search: Command = {
  name: 'search',
  summary: 'Find files and folders by name, kind, size and time',
  synopsis: '[TEXT] [--type file] [--min-size BYTES] [--modified-after TIME]',
  example: 'driftbox search report --type file --min-size 1000000',
  args: { min: 0, max: 1 },
  flags: {
    type: { value: 'KIND', description: 'file, folder, symlink or mount' },
    'min-size': { value: 'BYTES', description: 'at least so large' },
    'max-size': { value: 'BYTES', description: 'at most so large' },
    'modified-after': { value: 'TIME', description: 'for example 2026-01-31T00:00:00Z' },
    limit: { value: 'N', description: 'at most so many (default 100, at most 1000)' },
  },
  run: async ({ connect, output, given }) => {
    const type = types.find((one) => one === given.text('type'));
    if (given.text('type') !== undefined && type === undefined) throw new UsageError(`--type is one of ${types.join(', ')}`);
    const { client } = await connect();
    const [q] = given.args;
    const query = {
      q,
      type,
      minSize: given.text('min-size'),
      maxSize: given.text('max-size'),
      modifiedAfter: given.text('modified-after'),
      limit: given.text('limit') ?? 100,
    };
    const { items } = await client.call(routes.searchEntries, { query });
    output.result({ items }, () => items.map((found) => visible(found.path)));
    return exitCodes.ok;
  },
};
