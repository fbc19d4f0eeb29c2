import { parseUserId } from '@driftbox/domain';
import { routes, type BodyOf, type Routes } from '@driftbox/protocol';
import type { Command } from '../command.ts';
import { UsageError, exitCodes } from '../exit-codes.ts';
import { needShared } from '../follow-mounts.ts';
import { visible } from '../output.ts';
import { parseDuration } from '../parse-duration.ts';
import { findGroup } from './groups.ts';

const offered = ['viewer', 'editor', 'manager'] as const;

export const invite: Command = {
  name: 'invite',
  summary: 'Offer somebody a role on a shared folder; it is theirs once they accept',
  synopsis: 'PATH|DRIVE EMAIL|GROUP|USER [--role editor] [--expires 14d]',
  example: 'driftbox invite /plans bob@example.com --role viewer',
  args: { min: 2, max: 2 },
  flags: {
    role: { value: 'ROLE', description: 'viewer, editor (the default) or manager' },
    expires: { value: 'TIME', description: 'for how long it stands, for example 3d; 14 days if not given, 90 at most' },
  },
  run: async ({ connect, output, given }) => {
    const role = offered.find((one) => one === (given.text('role') ?? 'editor'));
    if (role === undefined) throw new UsageError('--role is viewer, editor or manager');
    const expires = given.text('expires');
    const expiresAt = expires === undefined ? {} : { expiresAt: new Date(Date.now() + parseDuration(expires) * 1000).toISOString() };
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
        (one) => `invited ${visible(one.email ?? one.user ?? '')} to ${visible(one.driveName)} as ${one.role}, until ${one.expiresAt}`,
      ),
    );
    return exitCodes.ok;
  },
};
