import { routes } from '@driftbox/protocol';
import type { Command } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { needShared } from '../follow-mounts.ts';
import { visible } from '../output.ts';

export const leave: Command = {
  name: 'leave',
  summary: 'Leave a shared folder; it stays with the others',
  synopsis: 'PATH|DRIVE',
  example: 'driftbox leave /plans',
  args: { min: 1, max: 1 },
  flags: {},
  run: async ({ connect, output, given }) => {
    const { client, home } = await connect();
    const { drive } = await needShared(client, await home(), given.arg(0));
    const { userId } = await client.call(routes.getMe);
    await client.call(routes.removeGrant, { params: { drive: drive.drive, subject: userId } });
    output.result({ drive: drive.drive, left: true }, () => [`You left ${visible(drive.name)}; it stays with the others`]);
    return exitCodes.ok;
  },
};
