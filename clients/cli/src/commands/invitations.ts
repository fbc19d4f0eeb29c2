import type { Client } from '@driftbox/api-client';
import { routes, type DriveInvitation } from '@driftbox/protocol';
import { allPages } from '../all-pages.ts';
import type { Command } from '../command.ts';
import { UsageError, exitCodes } from '../exit-codes.ts';
import { showTime, visible } from '../output.ts';
import { readAction } from '../read-action.ts';

const actions = ['list', 'accept', 'decline', 'revoke'] as const;

export const invitations: Command = {
  name: 'invitations',
  summary: 'List, accept or decline invitations to shared folders; list or revoke yours',
  synopsis: ['[list] [--sent]', 'accept ID', 'decline ID', 'revoke ID'],
  example: 'driftbox invitations accept 0198c5a0-7c2e-7000-8000-0123456789ab',
  args: { min: 0, max: 2 },
  flags: { sent: { description: 'with list: what you sent, instead of what you received' } },
  completes: actions,
  run: async ({ connect, output, given }) => {
    const action = readAction(given.args[0] ?? 'list', actions);
    const id = given.args[1];
    if ((action === 'list') !== (id === undefined))
      throw new UsageError(action === 'list' ? 'list names nothing' : `${action} needs an ID`);
    const { client } = await connect();
    if (id === undefined) {
      const items = await allInvitations(client, given.on('sent') ? 'sent' : 'received');
      output.result({ items }, () => items.map(line));
      return exitCodes.ok;
    }
    const params = { invitation: id };
    if (action === 'accept') {
      const accepted = await client.call(routes.acceptInvitation, { params });
      output.result(accepted, () => [`you are ${accepted.invitation.role} of ${visible(accepted.invitation.driveName)}`]);
      return exitCodes.ok;
    }
    await client.call(action === 'decline' ? routes.declineInvitation : routes.revokeInvitation, { params });
    output.result({ invitationId: id, state: `${action}d` }, () => [`${action}d`]);
    return exitCodes.ok;
  },
};

function allInvitations(client: Client, of: 'received' | 'sent'): Promise<DriveInvitation[]> {
  return allPages((cursor) => client.call(routes.listInvitations, { query: { of, cursor, limit: 1000 } }));
}

function line({ invitationId, driveName, role, inviterName, email, user, state, expiresAt }: DriveInvitation): string {
  const between = `from ${visible(inviterName)} to ${visible(email ?? user ?? '')}`;
  return `${invitationId}  ${visible(driveName)}  ${role}  ${between}  ${state}  until ${showTime(expiresAt)}`;
}
