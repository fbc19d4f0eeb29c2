import { routes } from '@driftbox/protocol';
import { allPages } from '../all-pages.ts';
import type { Command } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { visible } from '../output.ts';

export const drives: Command = {
  name: 'drives',
  summary: 'List your home drive and the shared ones that you may read, mounted or not',
  synopsis: '',
  example: 'driftbox drives',
  args: { min: 0, max: 0 },
  flags: {},
  run: async ({ connect, output }) => {
    const { client } = await connect();
    const items = await allPages((cursor) => client.call(routes.listDrives, { query: { cursor, limit: 1000 } }));
    output.result({ items }, () =>
      items.map(({ drive, role, kind, name }) => `${drive}  ${role.padEnd(7)} ${kind.padEnd(6)} ${visible(name)}`),
    );
    return exitCodes.ok;
  },
};
