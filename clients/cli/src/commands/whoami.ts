import { routes } from '@driftbox/protocol';
import type { Command } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { visible } from '../output.ts';

export const whoami: Command = {
  name: 'whoami',
  summary: 'Show who is signed in, and where',
  synopsis: '',
  example: 'driftbox whoami --json',
  args: { min: 0, max: 0 },
  flags: {},
  run: async ({ connect, output }) => {
    const { client, server } = await connect();
    const account = await client.call(routes.getMe);
    output.result({ server, account }, () => [
      `${visible(account.displayName)} <${visible(account.email)}>, ${account.role}, at ${server}`,
    ]);
    return exitCodes.ok;
  },
};
