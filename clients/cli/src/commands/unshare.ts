import { routes } from '@driftbox/protocol';
import type { Command } from '../command.ts';
import { UsageError, exitCodes } from '../exit-codes.ts';
import { needShared } from '../follow-mounts.ts';
import { showPath } from '../remote-path.ts';
import { visible } from '../output.ts';

export const unshare: Command = {
  name: 'unshare',
  summary: 'Make a shared folder yours alone again, or end it; everybody else loses it',
  synopsis: 'PATH --yes [--trash]',
  example: 'driftbox unshare /plans --yes',
  args: { min: 1, max: 1 },
  flags: {
    yes: { description: 'really do it: its members lose the folder' },
    trash: { description: 'end it: what is in it goes to your trash' },
  },
  run: async ({ connect, output, given }) => {
    if (!given.on('yes')) throw new UsageError('everybody else loses the folder: say --yes');
    const { client, home } = await connect();
    const { drive, mount, prefix } = await needShared(client, await home(), given.arg(0));
    if (given.on('trash')) {
      await client.call(routes.deleteDrive, { params: { drive: drive.drive } });
      output.result({ drive: drive.drive, deleted: true }, () => [`${visible(drive.name)} is in your trash, and no longer shared`]);
      return exitCodes.ok;
    }
    if (mount === undefined) throw new UsageError('name the folder by its path');
    const into = { drive: mount.drive, parentId: mount.parentId, name: mount.name };
    const entry = await client.call(routes.unshareDrive, { params: { drive: drive.drive }, body: { into } });
    output.result({ path: showPath(prefix), entry }, () => [`${visible(showPath(prefix))} is yours alone again`]);
    return exitCodes.ok;
  },
};
