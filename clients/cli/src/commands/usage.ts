import { routes } from '@driftbox/protocol';
import type { Command } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { visible } from '../output.ts';
import { usageLine } from '../usage-line.ts';

export const usage: Command = {
  name: 'usage',
  summary: 'Show how much is stored, and the limits',
  synopsis: '',
  example: 'driftbox usage',
  args: { min: 0, max: 0 },
  flags: {},
  run: async ({ connect, output }) => {
    const { client } = await connect();
    const held = await client.call(routes.getUsage);
    output.result(held, () => [
      usageLine('you', held.user),
      ...(held.tenant === undefined ? [] : [usageLine('everybody', held.tenant)]),
      ...held.drives.map((drive) => usageLine(`drive ${visible(drive.name)}`, drive)),
    ]);
    return exitCodes.ok;
  },
};
