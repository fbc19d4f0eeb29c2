import { readChoice } from '@driftbox/command-line';
import { entryRoles, parseUserId } from '@driftbox/domain';
import { routes, type BodyOf, type Routes } from '@driftbox/protocol';
import type { Command } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { needShared } from '../follow-mounts.ts';
import { showTime, visible } from '../output.ts';
import { readMoment } from '../read-moment.ts';
import { findGroup } from './groups.ts';

export const invite: Command = {
  name: 'invite',
  summary: 'Offer somebody a role on a shared folder; it is theirs once they accept',
  synopsis: 'PATH|DRIVE EMAIL|GROUP|USER [--role editor] [--expires 14d]',
  example: 'driftbox invite /plans bob@example.com --role viewer',
  args: { min: 2, max: 2 },
  flags: {
    role: { value: 'ROLE', description: 'viewer, editor (the default) or manager' },
    expires: { value: 'TIME', description: 'how long it stands (3d), or until when; 14 days if not given, 90 at most' },
  },
  run: async ({ connect, output, given }) => {
    const role = readChoice('--role', given.text('role') ?? 'editor', entryRoles);
    const expires = given.text('expires');
    const expiresAt = expires === undefined ? {} : { expiresAt: readMoment('--expires', expires, 'after') };
    const { client, home } = await connect();
    const { drive } = await needShared(client, await home(), given.arg(0));
    const whom = given.arg(1);
    const user = parseUserId(whom);
    const to: BodyOf<Routes['createInvitations']>['to'] = whom.includes('@')
      ? { email: whom }
      : user === undefined
        ? { group: (await findGroup(client, whom)).group }
        : { user };
    const { items } = await client.call(routes.createInvitations, { body: { drive: drive.drive, role, to, ...expiresAt } });
    output.result({ items }, () =>
      items.map(
        (one) =>
          `invited ${visible(one.email ?? one.user ?? '')} to ${visible(one.driveName)} as ${one.role}, until ${showTime(one.expiresAt)}`,
      ),
    );
    return exitCodes.ok;
  },
};
