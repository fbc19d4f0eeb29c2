import type { Client } from '@driftbox/api-client';
import { roles } from '@driftbox/domain';
import type { Role } from '@driftbox/domain';
import { Problem, routes } from '@driftbox/protocol';
import type { Drive, Grant } from '@driftbox/protocol';
import { allPages } from '../all-pages.ts';
import type { Command } from '../command.ts';
import { UsageError, exitCodes } from '../exit-codes.ts';
import { needShared } from '../follow-mounts.ts';
import { visible } from '../output.ts';
import { findGroup } from './groups.ts';

const actions = ['list', 'add', 'remove', 'role', 'transfer'] as const;
type Action = (typeof actions)[number];

export const members: Command = {
  name: 'members',
  summary: 'Who may do what in a shared folder: list, add, remove, role, or transfer it to a new owner',
  synopsis: 'ACTION PATH|DRIVE [EMAIL|GROUP] [--role editor] [--yes]',
  example: 'driftbox members add /plans bob@example.com --role viewer',
  args: { min: 2, max: 3 },
  flags: {
    role: { value: 'ROLE', description: 'with add and role: viewer, editor (the default of add) or manager' },
    yes: { description: 'with transfer: really give the folder away' },
  },
  completes: actions,
  run: async ({ connect, output, given }) => {
    const action = actions.find((one) => one === given.arg(0));
    if (action === undefined) throw new UsageError(`the first argument is one of ${actions.join(', ')}`);
    const whom = given.args[2];
    const role = wantedRole(action, given.text('role'));
    if ((action === 'list') !== (whom === undefined))
      throw new UsageError(`${action} ${action === 'list' ? 'names nobody' : 'needs an EMAIL or a GROUP'}`);
    if (action === 'transfer' && !given.on('yes')) throw new UsageError('only the new owner could give it back: say --yes');
    const { client, home } = await connect();
    const { drive } = await needShared(client, await home(), given.arg(1));
    if (whom === undefined) {
      const items = await allGrants(client, drive);
      output.result({ items }, () => items.map(line));
    } else {
      const grant = await change(client, drive, { action, whom, role });
      output.result({ drive: drive.drive, grant }, () => [action === 'remove' ? `removed ${visible(whom)}` : line(grant)]);
    }
    return exitCodes.ok;
  },
};

function wantedRole(action: Action, text: string | undefined): Role {
  if (action === 'transfer') return 'owner';
  if (action === 'role' && text === undefined) throw new UsageError('role needs --role');
  const role = roles.find((one) => one === (text ?? 'editor'));
  if (role === undefined || role === 'owner') throw new UsageError('--role is viewer, editor or manager; the owner is changed by transfer');
  return role;
}

type Change = { readonly action: Action; readonly whom: string; readonly role: Role };

async function change(client: Client, { drive }: Drive, { action, whom, role }: Change): Promise<Grant> {
  if (action === 'add') return add(client, drive, whom, role);
  const grant = (await allGrants(client, { drive })).find((one) => isNamed(one, whom));
  if (grant === undefined) throw new Problem('not_found', `${whom} is not a member`);
  const params = { drive, subject: grant.subject };
  if (action === 'remove') await client.call(routes.removeGrant, { params });
  return action === 'remove' ? grant : client.call(routes.putGrant, { params, body: { role } });
}

async function add(client: Client, drive: Drive['drive'], whom: string, role: Role): Promise<Grant> {
  if (whom.includes('@')) return client.call(routes.addGrant, { params: { drive }, body: { email: whom, role } });
  const { group } = await findGroup(client, whom);
  return client.call(routes.putGrant, { params: { drive, subject: group }, body: { role } });
}

/** A person by their address, a group by its name, either by its id. */
function isNamed({ subject, kind, name, email }: Grant, whom: string): boolean {
  return subject === whom || (kind === 'group' ? name : email)?.toLowerCase() === whom.toLowerCase();
}

function allGrants(client: Client, { drive }: Pick<Drive, 'drive'>): Promise<Grant[]> {
  return allPages((cursor) => client.call(routes.listGrants, { params: { drive }, query: { cursor, limit: 1000 } }));
}

function line({ role, kind, name, email }: Grant): string {
  const address = kind === 'group' ? ' (group)' : email === undefined ? '' : ` <${visible(email)}>`;
  return `${role.padEnd(7)} ${visible(name)}${address}`;
}
