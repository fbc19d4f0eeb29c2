import { routes } from '@driftbox/protocol';
import type { Drive } from '@driftbox/protocol';
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
    const items: Drive[] = [];
    let cursor: string | undefined;
    do {
      const page = await client.call(routes.listDrives, { query: { cursor, limit: 1000 } });
      items.push(...page.items);
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    output.result({ items }, () =>
      items.map(({ drive, role, kind, name }) => `${drive}  ${role.padEnd(7)} ${kind.padEnd(6)} ${visible(name)}`),
    );
    return exitCodes.ok;
  },
};
