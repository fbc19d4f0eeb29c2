import { routes, type TenantUser } from '@driftbox/protocol';
import { tenantRoles } from '@driftbox/domain';
import type { Context } from './command.ts';
import { UsageError, exitCodes, type ExitCode } from './exit-codes.ts';
import { findPerson, peopleOf } from './people.ts';
import { removeUser } from './remove-user.ts';
import { showTime, visible } from './output.ts';

/** What becomes of somebody, by the words of the command. */
function changeOf([verb, , role]: readonly string[]): { role?: (typeof tenantRoles)[number]; status?: TenantUser['status'] } {
  if (verb === 'suspend') return { status: 'suspended' };
  if (verb === 'restore') return { status: 'active' };
  const known = tenantRoles.find((one) => one === role);
  if (known === undefined) throw new UsageError(`a role is one of ${tenantRoles.join(', ')}`);
  return { role: known };
}

/** `driftbox admin users`: the people of one's tenant, their roles, and whom it lets in. */
export async function setUsers(context: Context, words: readonly string[]): Promise<ExitCode> {
  const { output, connect } = context;
  const [verb = 'list', email] = words;
  const wanted: Record<string, number> = { list: 0, suspend: 2, restore: 2, role: 3, remove: 2 };
  if (wanted[verb] === undefined || (words.length !== wanted[verb] && words.join() !== 'list'))
    throw new UsageError(
      'it is admin users, admin users suspend ADDRESS, admin users restore ADDRESS, admin users role ADDRESS ROLE or ' +
        'admin users remove ADDRESS|ID',
    );
  const { client } = await connect();
  if (verb === 'remove' && email !== undefined) return removeUser(context, client, await peopleOf(client), email);
  if (email === undefined) {
    const items = await peopleOf(client);
    output.result({ items }, () => items.map(lineOf));
    return exitCodes.ok;
  }
  const body = changeOf(words);
  const { userId } = await findPerson(client, email);
  const changed = await client.call(routes.updateUser, { params: { user: userId }, body });
  output.result(changed, () => [lineOf(changed)]);
  return exitCodes.ok;
}

function lineOf({ email, displayName, role, status, lastSeenAt }: TenantUser): string {
  return visible(`${email}  ${displayName}  ${role}  ${status}${lastSeenAt === undefined ? '' : `  last seen ${showTime(lastSeenAt)}`}`);
}
