import type { Client } from '@driftbox/api-client';
import { Problem, routes } from '@driftbox/protocol';
import type { Group, GroupMember } from '@driftbox/protocol';
import { allPages } from '../all-pages.ts';
import type { Command } from '../command.ts';
import { UsageError, exitCodes } from '../exit-codes.ts';
import { counted, visible } from '../output.ts';
import { readAction } from '../read-action.ts';

const needs = { list: 1, create: 2, rename: 3, delete: 2, members: 2, add: 3, remove: 3 } as const;
type Action = keyof typeof needs;
const actions = Object.keys(needs) as Action[];

export const groups: Command = {
  name: 'groups',
  summary: 'List and change groups: people who hold roles together',
  synopsis: [
    '[list]',
    'create NAME',
    'rename GROUP NEW-NAME',
    'delete GROUP --yes',
    'members GROUP',
    'add GROUP EMAIL',
    'remove GROUP EMAIL',
  ],
  example: 'driftbox groups add Writers bob@example.com',
  args: { min: 0, max: 3 },
  flags: { yes: { description: 'with delete: really end the group and the roles that it holds' } },
  completes: actions,
  run: async ({ connect, output, given }) => {
    const action = readAction(given.args[0] ?? 'list', actions);
    if (Math.max(1, given.args.length) !== needs[action]) throw new UsageError(`${action} takes other arguments`);
    if (action === 'delete' && !given.on('yes')) throw new UsageError('the roles that the group holds end with it: say --yes');
    const { client } = await connect();
    const [, name = '', what = ''] = given.args;
    const { value, lines } = await perform(client, action, name, what);
    output.result(value, () => lines);
    return exitCodes.ok;
  },
};

type Done = { readonly value: unknown; readonly lines: string[] };

async function perform(client: Client, action: Action, name: string, what: string): Promise<Done> {
  if (action === 'list') {
    const items = await allGroups(client);
    return { value: { items }, lines: items.map(lineOf) };
  }
  if (action === 'create') {
    const made = await client.call(routes.createGroup, { body: { name } });
    return { value: made, lines: [lineOf(made)] };
  }
  const group = await findGroup(client, name);
  const params = { group: group.group };
  if (action === 'rename') {
    const renamed = await client.call(routes.renameGroup, { params, body: { name: what } });
    return { value: renamed, lines: [lineOf(renamed)] };
  }
  if (action === 'delete') {
    await client.call(routes.removeGroup, { params });
    return { value: { ...params, deleted: true }, lines: [`deleted ${visible(group.name)}`] };
  }
  return performOnMembers(client, action, group, what);
}

async function performOnMembers(client: Client, action: 'members' | 'add' | 'remove', { group }: Group, email: string): Promise<Done> {
  const params = { group };
  if (action === 'add') {
    const member = await client.call(routes.addGroupMember, { params, body: { email } });
    return { value: member, lines: [memberLine(member)] };
  }
  const items = await allMembers(client, { group });
  if (action === 'members') return { value: { items }, lines: items.map(memberLine) };
  const member = items.find((one) => one.email?.toLowerCase() === email.toLowerCase());
  if (member === undefined) throw new Problem('not_found', `${email} is not in the group`);
  await client.call(routes.removeGroupMember, { params: { group, user: member.user } });
  return { value: { ...params, user: member.user, removed: true }, lines: [`removed ${visible(email)}`] };
}

/** The group of a name, whatever its case, or of an id. Throws `not_found`. */
export async function findGroup(client: Client, name: string): Promise<Group> {
  const found = (await allGroups(client)).find((one) => one.group === name || one.name.toLowerCase() === name.toLowerCase());
  if (found === undefined) throw new Problem('not_found', `there is no group ${name}: driftbox groups list`);
  return found;
}

function allGroups(client: Client): Promise<Group[]> {
  return allPages((cursor) => client.call(routes.listGroups, { query: { cursor, limit: 1000 } }));
}

function allMembers(client: Client, params: Pick<Group, 'group'>): Promise<GroupMember[]> {
  return allPages((cursor) => client.call(routes.listGroupMembers, { params, query: { cursor, limit: 1000 } }));
}

function lineOf({ name, members }: Group): string {
  return `${visible(name)}  ${counted(members, 'member')}`;
}

function memberLine({ name, email }: GroupMember): string {
  return `${visible(name)}${email === undefined ? '' : ` <${visible(email)}>`}`;
}
