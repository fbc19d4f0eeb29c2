import { tenantRoles } from '@driftbox/domain';
import { routes, type AnswerOf, type Routes } from '@driftbox/protocol';
import { LocalError } from '@driftbox/transfer';
import { allPages } from './all-pages.ts';
import type { Context } from './command.ts';
import { UsageError, exitCodes, type ExitCode } from './exit-codes.ts';
import { showTime, visible } from './output.ts';

type TenantInvitation = AnswerOf<Routes['inviteUser']>;

/** `driftbox admin invite ADDRESS`: mails an invitation to the tenant; a repeat renews it under a new code. */
export async function inviteToTenant({ output, connect, given }: Context, words: readonly string[]): Promise<ExitCode> {
  const [email] = words;
  if (email === undefined || words.length > 1) throw new UsageError('it is admin invite ADDRESS [--role ROLE]');
  const role = tenantRoles.find((one) => one === (given.text('role') ?? 'member'));
  if (role === undefined) throw new UsageError(`--role is one of ${tenantRoles.join(', ')}`);
  const { client } = await connect();
  const made = await client.call(routes.inviteUser, { body: { email, role } });
  output.result(made, () => [`invited ${visible(made.email)} as ${made.role}, until ${showTime(made.expiresAt)}: a mail brings the code`]);
  return exitCodes.ok;
}

/** `driftbox admin invitations`: the open invitations to the tenant, and taking one back by its address or id. */
export async function tenantInvitations({ output, connect }: Context, words: readonly string[]): Promise<ExitCode> {
  const [verb = 'list', whose] = words;
  const wanted: Record<string, number> = { list: 0, revoke: 2 };
  if (wanted[verb] === undefined || (words.length !== wanted[verb] && words.join() !== 'list'))
    throw new UsageError('it is admin invitations or admin invitations revoke ADDRESS|ID');
  const { client } = await connect();
  const items = await allPages<TenantInvitation>((cursor) => client.call(routes.listUserInvitations, { query: { cursor, limit: 1000 } }));
  if (whose === undefined) {
    output.result({ items }, () => items.map(lineOf));
    return exitCodes.ok;
  }
  const found = items.find((one) => one.invitationId === whose || one.email === whose.toLowerCase());
  if (found === undefined) throw new LocalError(`there is no open invitation of ${visible(whose)}`);
  await client.call(routes.revokeUserInvitation, { params: { invitation: found.invitationId } });
  output.result({ ...found, revoked: true }, () => [`revoked the invitation of ${visible(found.email)}`]);
  return exitCodes.ok;
}

function lineOf({ invitationId, email, role, expiresAt }: TenantInvitation): string {
  return visible(`${invitationId}  ${email}  ${role}  until ${showTime(expiresAt)}`);
}
