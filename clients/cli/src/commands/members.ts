import type { Client } from '@driftbox/api-client';
import { parseDriveId, roles } from '@driftbox/domain';
import type { Role } from '@driftbox/domain';
import { Problem } from '@driftbox/protocol';
import type { Grant } from '@driftbox/protocol';
import type { Command } from '../command.ts';
import { UsageError, exitCodes } from '../exit-codes.ts';
import type { Connection } from '../connect.ts';
import { needShared } from '../follow-mounts.ts';
import { grantsOfDrive, grantsOfEntry } from '../grants-at.ts';
import type { GrantsAt } from '../grants-at.ts';
import { visible } from '../output.ts';
import { readAction } from '../read-action.ts';
import { needEntry, remoteNames } from '../remote-path.ts';
import { findGroup } from './groups.ts';

const actions = ['list', 'add', 'remove', 'role', 'transfer'] as const;
type Action = (typeof actions)[number];

export const members: Command = {
  name: 'members',
  summary: 'List and change who may do what in a shared folder, or with a file or folder',
  synopsis: [
    'list PATH|DRIVE',
    'add PATH|DRIVE EMAIL|GROUP [--role editor]',
    'role PATH|DRIVE EMAIL|GROUP --role ROLE',
    'remove PATH|DRIVE EMAIL|GROUP',
    'transfer PATH|DRIVE EMAIL --yes',
  ],
  example: 'driftbox members add /plans bob@example.com --role viewer',
  args: { min: 2, max: 3 },
  flags: {
    role: { value: 'ROLE', description: 'with add and role: viewer, editor (the default of add) or manager' },
    yes: { description: 'with transfer: really give the folder away' },
  },
  completes: actions,
  run: async ({ connect, output, given }) => {
    const action = readAction(given.arg(0), actions);
    const whom = given.args[2];
    const role = wantedRole(action, given.text('role'));
    if ((action === 'list') !== (whom === undefined))
      throw new UsageError(`${action} ${action === 'list' ? 'names nobody' : 'needs an EMAIL or a GROUP'}`);
    if (action === 'transfer' && !given.on('yes')) throw new UsageError('only the new owner could give it back: say --yes');
    const connection = await connect();
    const { grants, on } = await placeOf(connection, given.arg(1));
    if (whom === undefined) {
      const items = await grants.list();
      output.result({ items }, () => items.map(line));
    } else {
      const grant = await change(connection.client, grants, { action, whom, role });
      output.result({ ...on, grant }, () => [action === 'remove' ? `removed ${visible(whom)}` : line(grant)]);
    }
    return exitCodes.ok;
  },
};

/** A drive by its id, the shared drive that is mounted at a path, or else the single file or folder there. */
async function placeOf({ client, home, at }: Connection, text: string): Promise<{ grants: GrantsAt; on: Record<string, string> }> {
  const found = parseDriveId(text) === undefined ? await at(remoteNames(text)) : await needShared(client, await home(), text);
  const { drive } = found.drive;
  if (found.names.length === 0 && found.drive.kind === 'shared') return { grants: grantsOfDrive(client, drive), on: { drive } };
  const { entryId } = await needEntry(client, found.drive, found.names);
  return { grants: grantsOfEntry(client, drive, entryId), on: { drive, entryId } };
}

function wantedRole(action: Action, text: string | undefined): Role {
  if (action === 'transfer') return 'owner';
  if (action === 'role' && text === undefined) throw new UsageError('role needs --role');
  const role = roles.find((one) => one === (text ?? 'editor'));
  if (role === undefined || role === 'owner') throw new UsageError('--role is viewer, editor or manager; the owner is changed by transfer');
  return role;
}

type Change = { readonly action: Action; readonly whom: string; readonly role: Role };

async function change(client: Client, grants: GrantsAt, { action, whom, role }: Change): Promise<Grant> {
  if (action === 'add') return whom.includes('@') ? grants.add(whom, role) : grants.put((await findGroup(client, whom)).group, role);
  const grant = (await grants.list()).find((one) => isNamed(one, whom));
  if (grant === undefined) throw new Problem('not_found', `${whom} is not a member`);
  if (action !== 'remove') return grants.put(grant.subject, role);
  await grants.remove(grant.subject);
  return grant;
}

/** A person by their address, a group by its name, either by its id. */
function isNamed({ subject, kind, name, email }: Grant, whom: string): boolean {
  return subject === whom || (kind === 'group' ? name : email)?.toLowerCase() === whom.toLowerCase();
}

function line({ role, kind, name, email }: Grant): string {
  const address = kind === 'group' ? ' (group)' : email === undefined ? '' : ` <${visible(email)}>`;
  return `${role.padEnd(7)} ${visible(name)}${address}`;
}
