import { routes } from '@driftbox/protocol';
import type { Command } from '../command.ts';
import { visit } from '../connect.ts';
import { exitCodes } from '../exit-codes.ts';

export const confirm: Command = {
  name: 'confirm',
  summary: 'Confirm your e-mail address with the code that was mailed to it',
  synopsis: 'CODE',
  example: 'driftbox confirm 5f0c... --server https://files.example.com',
  args: { min: 1, max: 1 },
  flags: {},
  run: async (context) => {
    const { given, output } = context;
    await visit(context, ({ client }) => client.call(routes.verifyEmail, { body: { token: given.arg(0) } }));
    output.result({ confirmed: true }, () => ['Your address is confirmed']);
    return exitCodes.ok;
  },
};
